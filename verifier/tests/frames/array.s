# An array in the frame with a checked index.
frame sysv.native locals=64
---
.prolog
body:
cmp rdi, 8
jae epilog0
mov [rsp+rdi*8], rsi
epilog0:
.epilog
---
proven: 9 instructions
  P1 stack balance: 3
  P2 return: 4
  P3 callee saves: 24
  P4 frame chain: 7
  P6 nothing below SP: 4
  P7 clobbers: 18
  P8 own frame only: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 8
