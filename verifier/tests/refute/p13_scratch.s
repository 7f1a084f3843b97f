# r11 is not for the prolog to use.
frame sysv.native locals=16
---
.prolog
mov r11, rsp
body:
epilog:
.epilog
---
refuted P13 (scratch set): register outside the scratch set: r11 at the body is 0x2000000fffe0 (cfa-32), expected 0xdddddddddddddddd (r11 at entry): `mov r11, rsp` at 000b set it
  in p13_scratch at 000b

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
-->   000b  mov r11, rsp  | cfa-32 | r11 = 0x2000000fffe0 (cfa-32)

  r11
    expected 0xdddddddddddddddd
    actual   0x00002000000fffe0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r11=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: scratch
  replay: framewright replay FILE
