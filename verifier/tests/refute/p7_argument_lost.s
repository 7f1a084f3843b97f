# The prolog uses an argument register.
frame sysv.native locals=16
---
mov rsi, rsp
push rbp
mov rbp, rsp
sub rsp, 16
body:
epilog:
.epilog
---
refuted P7 (clobbers): argument register rsi at the body is 0x2000000ffff8 (cfa-8), expected 0xdddddddddddddddd (rsi at entry): `mov rsi, rsp` at 0000 set it
  in p7_argument_lost at 0007

      at    instruction   | SP     | what changed
-->   0000  mov rsi, rsp  | cfa-8  | rsi = 0x2000000ffff8 (cfa-8)
      0003  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0004  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0007  sub rsp, 0x10 | cfa-32 |

  rsi
    expected 0xdddddddddddddddd
    actual   0x00002000000ffff8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: arguments and results
  replay: framewright replay FILE
