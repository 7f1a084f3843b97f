# A jump table before the data.
frame sysv.native locals=0
---
.prolog
body:
mov eax, esi
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
jump0:
jmp rdx
table0:
.entry epilog0 - table0
epilog0:
.epilog
data:
---
unsupported: p2_table_in_code: 0014: a jump table outside the data
