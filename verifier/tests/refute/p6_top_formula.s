# Tier-0's frame record is at the lower end, and the saves are looked for below it, where the other layout has them.
frame aapcs64.osr3 saved=x19,x20 home=0 locals=992 outgoing=0
transition aapcs64.ryujit3
source aapcs64_type3.s saved=x19,x20 home=64 locals=928 outgoing=0
state context i64 dead
---
ldp x19, x20, [x29, #-16]
ldp x29, x30, [x29]
stp x19, x20, [sp, #-16]!
sub sp, sp, #1008
stp x29, x30, [sp]
add x29, sp, #0
body:
movz x19, #1
epilog:
.epilog
---
refuted P6 (nothing below SP): `ldp x19, x20, [x29, #-16]` reads 8 bytes at cfa-1040, the save slot of x19: nothing below cfa-1024 is safe from a signal
  in p6_top_formula at 0000

      at    instruction               | SP       | what changed
-->   0000  ldp x19, x20, [x29, #-16] | cfa-1024 | x19 = 0x0, x20 = 0x0

  address of 8 bytes
    expected 0x00002000000ffc00
    actual   0x00002000000ffbf0

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x210000000000 x18=0x1111111111111111 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x2000000ffc00 sp=0x2000000ffc00 v8=0xcccccccccccccccc v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  stated by: red_zone
  replay: framewright replay FILE
