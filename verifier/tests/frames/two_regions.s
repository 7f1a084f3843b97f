# One store over the border of two regions that the body owns.
frame sysv.native locals=16 outgoing=16
---
.prolog
body:
movups [rsp+8], xmm1
epilog:
.epilog
---
proven: 7 instructions
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
