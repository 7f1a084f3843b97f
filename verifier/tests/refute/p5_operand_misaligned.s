frame sysv.native locals=32
---
.prolog
body:
movaps [rsp+8], xmm0
epilog:
.epilog
---
refuted P5 (alignment): `movaps [rsp+8], xmm0` writes at 0x2000000fffd8 (cfa-40), which is not a multiple of 16
  in p5_operand_misaligned at 000b

      at    instruction          | SP     | what changed
      0000  push rbp             | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp         | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x20        | cfa-48 |
-->   000b  movaps [rsp+8], xmm0 | cfa-48 | [cfa-40] = 0x0 (xmm0 at entry)

  address of 16 bytes
    expected 0x00002000000fffd0
    actual   0x00002000000fffd8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: instruction rows: alignment
  replay: framewright replay FILE
