# The epilog gives back its own frame, and not tier-0's.
frame aapcs64.osr saved=x19 locals=16 outgoing=0
source aapcs64_tier0.s saved=x19,x20,v8 locals=32 outgoing=0
state context i64 dead
---
ldp x19, x20, [x29, #32]
ldr d8, [x29, #24]
ldp x29, x30, [x29]
stp x29, x30, [sp, #-32]!
add x29, sp, #0
str x19, [sp, #24]
sub sp, sp, #16
body:
movz x19, #1
epilog:
add sp, sp, #16
ldr x19, [sp, #24]
ldp x29, x30, [sp], #32
ret
---
refuted P1 (stack balance): SP after the return is 0x2000000fffb0 (cfa-80), expected 0x200000100000 (cfa): `ldp x29, x30, [sp], #32` at 0028 leaves it so
  in p1_second_add_skipped at 002c

      at    instruction               | SP      | what changed
      0000  ldp x19, x20, [x29, #32]  | cfa-80  | x19 = 0x1111111111111111 (x19 at entry), x20 = 0x2222222222222222 (x20 at entry)
      0004  ldr d8, [x29, #24]        | cfa-80  | v8 = 0xcccccccccccccccc
      0008  ldp x29, x30, [x29, #0]   | cfa-80  | x29 = 0xbbbbbbbbbbbbbbbb (x29 at entry), x30 = 0x220000000000 (the return address)
      000c  stp x29, x30, [sp, #-32]! | cfa-112 | [cfa-112] = 0xbbbbbbbbbbbbbbbb (x29 at entry), [cfa-104] = 0x220000000000 (the return address)
      0010  add x29, sp, #0           | cfa-112 | x29 = 0x2000000fff90 (cfa-112)
      0014  str x19, [sp, #24]        | cfa-112 | [cfa-88] = 0x1111111111111111 (x19 at entry)
      0018  sub sp, sp, #16           | cfa-128 |
      001c  movz x19, #1, lsl #0      | cfa-128 | x19 = 0x1
      0020  add sp, sp, #16           | cfa-112 |
      0024  ldr x19, [sp, #24]        | cfa-112 | x19 = 0x1111111111111111 (x19 at entry)
-->   0028  ldp x29, x30, [sp], #32   | cfa-80  | x29 = 0xbbbbbbbbbbbbbbbb (x29 at entry)
      002c  ret                       | cfa-80  |

  sp
    expected 0x0000200000100000
    actual   0x00002000000fffb0

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x210000000000 x18=0x1111111111111111 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x2000000fffd0 sp=0x2000000fffb0 v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  stated by: frame aapcs64.osr: stack balance
  replay: framewright replay FILE
