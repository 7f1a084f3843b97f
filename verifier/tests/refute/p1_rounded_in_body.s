# SP is rounded down where it stands: in a prolog only.
frame sysv.realigned locals=0
---
.prolog
body:
and rsp, -128
epilog:
.epilog
---
refuted P1 (stack balance): SP is 0x2000000fff80, expected 0x2000000fffc0: `and rsp, 0xffffffffffffff80` at 000b leaves it so
  in p1_rounded_in_body at 000b

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp                | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  and rsp, 0xffffffffffffffc0 | ?      |
-->   000b  and rsp, 0xffffffffffffff80 | ?      |

  rsp
    expected 0x00002000000fffc0
    actual   0x00002000000fff80

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
