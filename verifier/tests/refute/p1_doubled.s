# SP is twice the CFA and a number for a moment: no distance from it.
frame sysv.probed locals=16
---
.prolog
mov r11, rsp
add rsp, r11
sub rsp, r11
body:
epilog:
.epilog
---
refuted P1 (stack balance): SP is 0x4000001fffc0, expected 0x2000000fffe0 (cfa-32): `add rsp, r11` at 000e leaves it so
  in p1_doubled at 000e

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
      000b  mov r11, rsp  | cfa-32 | r11 = 0x2000000fffe0 (cfa-32)
-->   000e  add rsp, r11  | ?      |

  rsp
    expected 0x00002000000fffe0
    actual   0x00004000001fffc0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
