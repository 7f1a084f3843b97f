# A value in the upper half of v8 is taken to live across a call (coreclr change 22253): only the low half does.
frame aapcs64.native saved= locals=16 outgoing=0
---
.prolog
body:
fmov v8.d[1], x19
movz x19, #7
ldr x9, [x0, #8]
blr x9
fmov x19, v8.d[1]
epilog:
.epilog
---
refuted P3 (callee saves): x19, which the frame does not save, is 0x7777777777777777, expected 0x1111111111111111 (x19 at entry): `fmov x19, v8.d[1]` at 001c set it
  in p3_v8_full_width at 001c

      at    instruction               | SP     | what changed
      0000  stp x29, x30, [sp, #-16]! | cfa-16 | [cfa-16] = 0xbbbbbbbbbbbbbbbb (x29 at entry), [cfa-8] = 0x220000000000 (the return address)
      0004  add x29, sp, #0           | cfa-16 | x29 = 0x2000000ffff0 (cfa-16)
      0008  sub sp, sp, #16           | cfa-32 |
      000c  fmov v8.d[1], x19         | cfa-32 | v8 = 0x1111111111111111cccccccccccccccc
      0010  movz x19, #7, lsl #0      | cfa-32 | x19 = 0x7
      0014  ldr x9, [x0, #8]          | cfa-32 | x9 = 0x0
      0018  blr x9                    | cfa-32 | x30 = 0x21000000001c, the callee's registers are anything
-->   001c  fmov x19, v8.d[1]         | cfa-32 | x19 = 0x7777777777777777

  x19
    expected 0x1111111111111111
    actual   0x7777777777777777

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x230000000000 x18=0x1111111111111111 x19=0x1111111111111111 x20=0x2222222222222222 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0xbbbbbbbbbbbbbbbb x30=0x220000000000 sp=0x200000100000 v8=0xcccccccccccccccc v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  assumed: callee-abi (1×)
  stated by: convention aapcs64: callee_saved
  replay: framewright replay FILE
