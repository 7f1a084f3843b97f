# Tier-0's integer saves are fetched, its float saves are not (runtime change 126880, review).
frame aapcs64.osr saved=x19 locals=16 outgoing=0
source aapcs64_tier0.s saved=x19,x20,v8 locals=32 outgoing=0
state context i64 dead
---
ldp x19, x20, [x29, #32]
ldp x29, x30, [x29]
stp x29, x30, [sp, #-32]!
add x29, sp, #0
str x19, [sp, #24]
sub sp, sp, #16
body:
movz x19, #1
epilog:
.epilog
---
refuted P3 (callee saves): v8, which the frame does not save, is 0x5555555555555555 (low 64 bits of v8 of the source), expected 0xcccccccccccccccc (low 64 bits of v8 at entry)
  in p3_float_saves_forgotten at 0014

      at    instruction               | SP      | what changed
      0000  ldp x19, x20, [x29, #32]  | cfa-80  | x19 = 0x1111111111111111 (x19 at entry), x20 = 0x2222222222222222 (x20 at entry)
      0004  ldp x29, x30, [x29, #0]   | cfa-80  | x29 = 0xbbbbbbbbbbbbbbbb (x29 at entry), x30 = 0x220000000000 (the return address)
      0008  stp x29, x30, [sp, #-32]! | cfa-112 | [cfa-112] = 0xbbbbbbbbbbbbbbbb (x29 at entry), [cfa-104] = 0x220000000000 (the return address)
      000c  add x29, sp, #0           | cfa-112 | x29 = 0x2000000fff90 (cfa-112)
      0010  str x19, [sp, #24]        | cfa-112 | [cfa-88] = 0x1111111111111111 (x19 at entry)
-->   0014  sub sp, sp, #16           | cfa-128 |

  v8
    expected 0xcccccccccccccccc
    actual   0x5555555555555555

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x210000000000 x18=0x1111111111111111 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x2000000fffd0 sp=0x2000000fffb0 v8=0x5555555555555555 v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  stated by: convention aapcs64: callee_saved
  replay: framewright replay FILE
