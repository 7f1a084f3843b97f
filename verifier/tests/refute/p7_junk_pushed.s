# What probes have left in r11 goes on by a push.
frame sysv.probed saved= locals=64
---
.prolog
body:
push r11
pop rcx
epilog:
.epilog
---
refuted P7 (clobbers): the body reads r11 at 000b, which the prolog's probes have overwritten
  in p7_junk_pushed at 0004

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
-->   0004  sub rsp, 0x40 | cfa-80 |

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim
  replay: framewright replay FILE
