# A vector register of which tier-0's convention keeps the low half is all there.
frame aapcs64.osr saved=x19 locals=16 outgoing=0
source aapcs64_tier0.s saved=x19,x20,v8 locals=32 outgoing=0
state context i64 dead
---
.prolog
body:
mov v0.16b, v9.16b
str q9, [sp]
epilog:
.epilog
---
proven: 13 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 57
  P4 frame chain: 5
  P6 nothing below SP: 12
  P7 clobbers: 4
  P8 own frame only: 4
  P13 scratch set: 81
  P14 encodable: 1
  P15 control bits: 3
  assumed: osr-entry (1×)
