# Half of an entry is read: movsx rdx, word ptr [rcx+rax*4].
frame sysv.native locals=0
---
.prolog
body:
cmp esi, 1
jae epilog0
mov eax, esi
lea rcx, [table0]
.byte 0x48, 0x0f, 0xbf, 0x14, 0x81
add rdx, rcx
jump0:
jmp rdx
one:
mov eax, 1
epilog0:
.epilog
data:
table0:
.entry one - table0
---
unsupported: p2_table_half_read: 0021: an indirect jump that is not to its table's address plus an entry
