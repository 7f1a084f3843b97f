# Over it an OSR method that finds tier-0's saves below the room for variable arguments.
frame aapcs64.osr3 saved=x19,x20 home=0 locals=992 outgoing=0
transition aapcs64.ryujit3
source aapcs64_type3.s saved=x19,x20 home=64 locals=928 outgoing=0
state context i64 dead
---
.prolog
body:
movz x19, #1
epilog:
.epilog
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 57
  P4 frame chain: 5
  P6 nothing below SP: 12
  P7 clobbers: 4
  P8 own frame only: 4
  P13 scratch set: 79
  P14 encodable: 1
  P15 control bits: 3
  assumed: osr-entry (1×)
