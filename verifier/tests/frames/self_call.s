# A call of the code itself.
frame sysv.native locals=0
---
start:
.prolog
body:
call start
epilog:
.epilog
---
proven: 5 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 4
  P7 clobbers: 18
  P8 own frame only: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
  assumed: self-call (1×)
