# A jump to an entry of a table but for its lowest bits is a jump to elsewhere.
frame sysv.native locals=0
---
.prolog
body:
cmp esi, 2
jae other
mov eax, esi
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
and rdx, -16
jump0:
jmp rdx
one:
mov eax, 1
jmp epilog
other:
xor eax, eax
epilog:
.epilog
data:
table0:
.entry one - table0
.entry other - table0
---
unsupported: p2_table_masked: 0027: an indirect jump that is not to its table's address plus an entry
