# Identity: nothing is brought over, nothing more is saved, nothing is done.
frame sysv.osr
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 dead
state local0 i32 dead
---
.prolog
body:
epilog:
.epilog
---
proven: 7 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 9
  P6 nothing below SP: 7
  P7 clobbers: 4
  P8 own frame only: 2
  P13 scratch set: 45
  P14 encodable: 1
  P15 control bits: 6
  assumed: osr-entry (1×)
