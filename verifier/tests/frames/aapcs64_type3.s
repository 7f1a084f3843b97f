# Tier-0 code in a large frame with its frame record at the lower end, and room for variable arguments above the saves.
frame aapcs64.type3 saved=x19,x20 home=64 locals=928 outgoing=0
home context i64 -1008
---
.prolog
body:
str x0, [sp, #16]
movz x19, #7
movz x20, #9
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
proven: 16 instructions
  P1 stack balance: 3
  P2 return: 6
  P3 callee saves: 76
  P4 frame chain: 11
  P5 alignment: 1
  P6 nothing below SP: 9
  P7 clobbers: 20
  P8 own frame only: 5
  P12 state map: 2
  P13 scratch set: 64
  P14 encodable: 1
  P15 control bits: 5
  assumed: callee-abi (1×)
  assumed: patchpoint-helper (1×)
