frame sysv.native locals=32 outgoing=0
---
.prolog
body:
movaps [rsp], xmm0
movups [rsp+8], xmm1
epilog:
.epilog
---
proven: 8 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P5 alignment: 1
  P6 nothing below SP: 5
  P7 clobbers: 18
  P8 own frame only: 3
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
