# mov bl, dil: a byte of a register that the frame does not save.
frame sysv.native saved= locals=0
---
.prolog
body:
.byte 0x40, 0x88, 0xfb
epilog:
.epilog
---
refuted P3 (callee saves): rbx, which the frame does not save, is 0x11111111111111dd, expected 0x1111111111111111 (rbx at entry): `mov bl, dil` at 0004 set it
  in p3_low_byte at 0004

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
-->   0004  mov bl, dil  | cfa-16 | rbx = 0x11111111111111dd

  rbx
    expected 0x1111111111111111
    actual   0x11111111111111dd

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
