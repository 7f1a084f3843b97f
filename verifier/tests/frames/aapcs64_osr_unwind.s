# The helper has unwound tier-0, so that nothing need be fetched.
frame aapcs64.osr_unwind saved=x19 locals=16 outgoing=0
transition aapcs64.ryujit_unwind
source aapcs64_tier0.s saved=x19,x20,v8 locals=32 outgoing=0
state context i64 dead
---
.prolog
body:
movz x19, #1
epilog:
.epilog
---
proven: 9 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 57
  P4 frame chain: 5
  P6 nothing below SP: 6
  P7 clobbers: 4
  P8 own frame only: 3
  P13 scratch set: 81
  P14 encodable: 1
  P15 control bits: 3
  assumed: osr-entry (1×)
