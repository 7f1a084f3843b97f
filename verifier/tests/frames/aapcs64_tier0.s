# Tier-0 code with integer and float saves that may leave at a patchpoint.
frame aapcs64.tier0 saved=x19,x20,v8 locals=32 outgoing=0
home context i64 -56
---
.prolog
body:
str x0, [sp, #24]
movz x19, #7
movz x20, #9
fmov d8, xzr
adr x1, resume0
movz x2, #0
ldr x9, [x0, #8]
blr x9
patch0:
br x0
resume0:
epilog:
.epilog
---
proven: 19 instructions
  P1 stack balance: 3
  P2 return: 6
  P3 callee saves: 76
  P4 frame chain: 11
  P5 alignment: 1
  P6 nothing below SP: 11
  P7 clobbers: 20
  P8 own frame only: 6
  P12 state map: 2
  P13 scratch set: 66
  P14 encodable: 1
  P15 control bits: 5
  assumed: callee-abi (1×)
  assumed: patchpoint-helper (1×)
