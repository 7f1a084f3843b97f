# Code that ends in an exception needs no epilog.
frame sysv.native locals=0
---
.prolog
body:
test rdi, rdi
jne epilog0
ud2
epilog0:
.epilog
---
proven: 7 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 3
  P7 clobbers: 18
  P8 own frame only: 1
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
