# The OSR method's own frame record is written over before the body: only its source's is right.
frame aapcs64.osr3 saved=x19,x20 home=0 locals=992 outgoing=0
transition aapcs64.ryujit3
source aapcs64_type3.s saved=x19,x20 home=64 locals=928 outgoing=0
state context i64 dead
---
.prolog
str xzr, [x29]
body:
epilog:
.epilog
---
refuted P4 (frame chain): the saved x29 of frame aapcs64.osr3 is 0x0, expected 0xbbbbbbbbbbbbbbbb (x29 at entry): `str xzr, [x29, #0]` at 0020 wrote it
  in p4_own_frame_record at 0020

      at    instruction               | SP       | what changed
      0000  add x16, sp, #0, lsl #12  | cfa-1024 | x16 = 0x2000000ffc00 (cfa-1024)
      0004  add x16, x16, #960        | cfa-1024 | x16 = 0x2000000fffc0 (cfa-64)
      0008  ldp x19, x20, [x16, #-16] | cfa-1024 | x19 = 0x1111111111111111 (x19 at entry), x20 = 0x2222222222222222 (x20 at entry)
      000c  ldp x29, x30, [x29, #0]   | cfa-1024 | x29 = 0xbbbbbbbbbbbbbbbb (x29 at entry), x30 = 0x220000000000 (the return address)
      0010  stp x19, x20, [sp, #-16]! | cfa-1040 | [cfa-1040] = 0x1111111111111111 (x19 at entry), [cfa-1032] = 0x2222222222222222 (x20 at entry)
      0014  sub sp, sp, #1008         | cfa-2048 |
      0018  stp x29, x30, [sp, #0]    | cfa-2048 | [cfa-2048] = 0xbbbbbbbbbbbbbbbb (x29 at entry), [cfa-2040] = 0x220000000000 (the return address)
      001c  add x29, sp, #0           | cfa-2048 | x29 = 0x2000000ff800 (cfa-2048)
-->   0020  str xzr, [x29, #0]        | cfa-2048 | [cfa-2048] = 0x0

  8 bytes at cfa-2048
    expected 0xbbbbbbbbbbbbbbbb
    actual   0x0000000000000000

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x210000000000 x18=0x1111111111111111 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x2000000ffc00 sp=0x2000000ffc00 v8=0xcccccccccccccccc v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  stated by: frame aapcs64.osr3: region saved_fp
  replay: framewright replay FILE
