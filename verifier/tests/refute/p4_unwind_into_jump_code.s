# The reverse: the helper has unwound tier-0, and the method looks for its saves at the caller's FP.
frame aapcs64.osr_unwind saved=x19 locals=16 outgoing=0
transition aapcs64.ryujit_unwind
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
.epilog
---
refuted P4 (frame chain): the return word of the chain is 0x4444444444444444, expected 0x220000000000 (the return address): `stp x29, x30, [sp, #-32]!` at 000c wrote it
  in p4_unwind_into_jump_code at 0018

      at    instruction               | SP      | what changed
      0000  ldp x19, x20, [x29, #32]  | cfa-80  | x19 = 0x0, x20 = 0x0
      0004  ldr d8, [x29, #24]        | cfa-80  | v8 = 0x0
      0008  ldp x29, x30, [x29, #0]   | cfa-80  | x29 = 0x0, x30 = 0x4444444444444444
-->   000c  stp x29, x30, [sp, #-32]! | cfa-112 | [cfa-112] = 0x0, [cfa-104] = 0x4444444444444444
      0010  add x29, sp, #0           | cfa-112 | x29 = 0x2000000fff90 (cfa-112)
      0014  str x19, [sp, #24]        | cfa-112 | [cfa-88] = 0x0
      0018  sub sp, sp, #16           | cfa-128 |

  8 bytes at cfa-104
    expected 0x0000220000000000
    actual   0x4444444444444444

  entry: cfa=0x200000100000 return=0x220000000000 x18=0x1111111111111111 x19=0x1111111111111111 x20=0x2222222222222222 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x230000000000 x30=0x220000000000 sp=0x2000000fffb0 v8=0xcccccccccccccccc v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  assumed: return-address (1×)
  stated by: frame aapcs64.osr_unwind: chain
  replay: framewright replay FILE
