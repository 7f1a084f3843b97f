# The number that SP is raised by is read past the last byte.
frame sysv.native saved=rbx locals=264
---
.prolog
body:
epilog0:
mov rbx, [size]
add rsp, rbx
pop rbx
pop rbp
ret
data:
size:
.byte 0x08, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00
---
refuted P1 (stack balance): SP is 0xeeef0eeeeefeedce, expected 0x2000000ffee0 (cfa-288): `add rsp, rbx` at 0013 leaves it so
  in p1_past_the_data at 0013

      at    instruction     | SP      | what changed
      0000  push rbp        | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx        | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x108  | cfa-288 |
      000c  mov rbx, [0x19] | cfa-288 | rbx = 0xeeeeeeeeeeeeeeee
-->   0013  add rsp, rbx    | ?       |

  rsp
    expected 0x00002000000ffee0
    actual   0xeeef0eeeeefeedce

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
