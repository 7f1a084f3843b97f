# SP is anywhere for a moment.
frame sysv.native saved=rbx locals=16
---
push rbp
mov rbp, rsp
push rbx
add rsp, rdi
sub rsp, rdi
sub rsp, 24
body:
epilog:
.epilog
---
refuted P1 (stack balance): SP is 0xddddfdddddedddc5, expected 0x2000000fffd0 (cfa-48): `add rsp, rdi` at 0005 leaves it so
  in p1_unknown_in_prolog at 0005

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
-->   0005  add rsp, rdi | ?      |

  rsp
    expected 0x00002000000fffd0
    actual   0xddddfdddddedddc5

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
