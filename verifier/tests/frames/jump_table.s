frame sysv.native locals=0
---
.prolog
body:
cmp esi, 3
jae other
mov eax, esi
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
jump0:
jmp rdx
one:
mov eax, 1
jmp epilog0
two:
mov eax, 2
jmp epilog0
other:
xor eax, eax
epilog0:
.epilog
data:
table0:
.entry one - table0
.entry two - table0
.entry one - table0
---
proven: 16 instructions
  P1 stack balance: 4
  P2 return: 7
  P3 callee saves: 30
  P4 frame chain: 9
  P6 nothing below SP: 3
  P7 clobbers: 18
  P8 own frame only: 1
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 10
