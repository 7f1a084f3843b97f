# Each round of a loop of the body raises SP.
frame sysv.dynamic saved=rbx locals=0
---
.prolog
body:
and rax, 240
page:
cmp rax, 16
jbe last
add rsp, 16
sub rax, 16
jmp page
last:
epilog:
.epilog
---
refuted P1 (stack balance): SP where paths meet is cfa-16
  in p1_raised_by_rounds at 002e

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx      | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8    | cfa-32 |
      000c  and rax, 0xf0 | cfa-32 | rax = 0x40
      0013  cmp rax, 0x10 | cfa-32 |
      001a  jbe 0x33      | cfa-32 |
      0020  add rsp, 0x10 | cfa-16 |
      0027  sub rax, 0x10 | cfa-16 | rax = 0x30
-->   002e  jmp 0x13      | cfa-16 |

  rsp
    expected 0x00002000000fffe0
    actual   0x00002000000ffff0

  entry: cfa=0x200000100000 return=0x220000000000 rax=0x40 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
