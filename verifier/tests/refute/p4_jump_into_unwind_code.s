# A plain jump into a method that was written for a helper that unwinds: nothing is fetched from tier-0's frame.
frame aapcs64.osr saved=x19 locals=16 outgoing=0
source aapcs64_tier0.s saved=x19,x20,v8 locals=32 outgoing=0
state context i64 dead
---
stp x29, x30, [sp, #-32]!
add x29, sp, #0
str x19, [sp, #24]
sub sp, sp, #16
body:
movz x19, #1
epilog:
.epilog
---
refuted P4 (frame chain): the return word of the chain is 0xaaaaaaaaaaaaaaaa (x30 of the source), expected 0x220000000000 (the return address): `stp x29, x30, [sp, #-32]!` at 0000 wrote it
  in p4_jump_into_unwind_code at 000c

      at    instruction               | SP      | what changed
-->   0000  stp x29, x30, [sp, #-32]! | cfa-112 | [cfa-112] = 0x2000000fffd0 (cfa-48), [cfa-104] = 0xaaaaaaaaaaaaaaaa (x30 of the source)
      0004  add x29, sp, #0           | cfa-112 | x29 = 0x2000000fff90 (cfa-112)
      0008  str x19, [sp, #24]        | cfa-112 | [cfa-88] = 0x0 (x19 of the source)
      000c  sub sp, sp, #16           | cfa-128 |

  8 bytes at cfa-104
    expected 0x0000220000000000
    actual   0xaaaaaaaaaaaaaaaa

  entry: cfa=0x200000100000 return=0x220000000000 x0=0x210000000000 x18=0x1111111111111111 x21=0x3333333333333333 x22=0x4444444444444444 x23=0x5555555555555555 x24=0x6666666666666666 x25=0x7777777777777777 x26=0x8888888888888888 x27=0x9999999999999999 x28=0xaaaaaaaaaaaaaaaa x29=0x2000000fffd0 x30=0xaaaaaaaaaaaaaaaa sp=0x2000000fffb0 v9=0xdddddddddddddddd v10=0xeeeeeeeeeeeeeeee v11=0xffffffffffffffff v12=0x1111111111111111 v13=0x2222222222222222 v14=0x3333333333333333 v15=0x4444444444444444
  assumed: return-address (1×)
  stated by: frame aapcs64.osr: chain
  replay: framewright replay FILE
