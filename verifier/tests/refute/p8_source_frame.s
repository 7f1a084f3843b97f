# The OSR method writes into the tier-0 frame, which it only inherits.
frame sysv.osr saved=r12,r15 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 dead
---
.prolog
mov r12, [rsp+80]
body:
mov [rsp+72], r12
epilog:
.epilog
---
refuted P8 (own frame only): `mov [rsp+0x48], r12` writes 8 bytes at cfa-72, region locals of frame sysv.tier0: only cfa-136 up to cfa-112 may be written here
  in p8_source_frame at 0033

      at    instruction            | SP      | what changed
      0000  push qword ptr [rbp+8] | cfa-104 | [cfa-104] = 0x220000000000 (the return address)
      0006  push qword ptr [rbp]   | cfa-112 | [cfa-112] = 0x2222222222222222 (rbp at entry)
      000c  sub rsp, 0x20          | cfa-144 |
      0013  mov [rsp+0x70], r15    | cfa-144 | [cfa-32] = 0x6666666666666666 (r15 at entry)
      001b  mov [rsp+0x68], r12    | cfa-144 | [cfa-40] = 0x3333333333333333 (r12 at entry)
      0023  lea rbp, [rsp+0x20]    | cfa-144 | rbp = 0x2000000fff90 (cfa-112)
      002b  mov r12, [rsp+0x50]    | cfa-144 | r12 = 0x1111111111111111 (state value 0)
-->   0033  mov [rsp+0x48], r12    | cfa-144 | [cfa-72] = 0x1111111111111111 (state value 0)

  address of 8 bytes
    expected 0x00002000000fff88
    actual   0x00002000000fffb8

  entry: cfa=0x200000100000 return=0x220000000000 rax=0x210000000000 rsp=0x2000000fffa0 rbp=0x2000000ffff0 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
