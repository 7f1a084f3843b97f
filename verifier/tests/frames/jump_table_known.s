# The index is a number: one target, and what it leaves of the registers.
frame sysv.native locals=16
---
.prolog
body:
mov eax, 1
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
jump0:
jmp rdx
one:
mov [rsp+rax*8+4096], rdi
jmp epilog
two:
mov [rsp+rax*8], rdi
epilog:
.epilog
data:
table0:
.entry one - table0
.entry two - table0
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 4
  P7 clobbers: 18
  P8 own frame only: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
