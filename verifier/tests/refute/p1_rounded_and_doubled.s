# The same with an address that was rounded down.
frame sysv.realigned saved=rbx locals=16
---
.prolog
mov rbx, rsp
add rsp, rbx
sub rsp, rbx
body:
epilog:
.epilog
---
refuted P1 (stack balance): SP is 0x4000001fff00, expected 0x2000000fff80: `add rsp, rbx` at 0016 leaves it so
  in p1_rounded_and_doubled at 0016

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp                | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx                    | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  and rsp, 0xffffffffffffffc0 | ?      |
      000c  sub rsp, 0x40               | ?      |
      0013  mov rbx, rsp                | ?      | rbx = 0x2000000fff80
-->   0016  add rsp, rbx                | ?      |

  rsp
    expected 0x00002000000fff80
    actual   0x00004000001fff00

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
