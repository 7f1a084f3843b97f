# The 8-byte step of the return address is made twice.
frame sysv.osr saved=r12 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 dead
---
push rax
.prolog
mov r12, [rsp+80]
body:
epilog:
.epilog
---
refuted P8 (own frame only): `mov [rsp+0x70], r12` writes 8 bytes at cfa-40, region saves of frame sysv.tier0: only cfa-136 up to cfa-112 may be written here
  in p14_double_step at 0014

      at    instruction            | SP      | what changed
      0000  push rax               | cfa-104 | [cfa-104] = 0x210000000000
      0001  push qword ptr [rbp+8] | cfa-112 | [cfa-112] = 0x220000000000 (the return address)
      0007  push qword ptr [rbp]   | cfa-120 | [cfa-120] = 0x2222222222222222 (rbp at entry)
      000d  sub rsp, 0x20          | cfa-152 |
-->   0014  mov [rsp+0x70], r12    | cfa-152 | [cfa-40] = 0x3333333333333333 (r12 at entry)

  address of 8 bytes
    expected 0x00002000000fff88
    actual   0x00002000000fffd8

  entry: cfa=0x200000100000 return=0x220000000000 rax=0x210000000000 rsp=0x2000000fffa0 rbp=0x2000000ffff0 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
