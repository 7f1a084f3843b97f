# The same with a wrong number, in a byte above the lowest.
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
.byte 0xff
size:
.byte 0x08, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00
---
refuted P1 (stack balance): SP after the return is 0x200000100200 (cfa+512), expected 0x200000100000 (cfa): `ret` at 0018 leaves it so
  in p1_constant_pool at 0018

      at    instruction     | SP      | what changed
      0000  push rbp        | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx        | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x108  | cfa-288 |
      000c  mov rbx, [0x1a] | cfa-288 | rbx = 0x308
      0013  add rsp, rbx    | cfa+488 |
      0016  pop rbx         | cfa+496 | rbx = 0x0
      0017  pop rbp         | cfa+504 | rbp = 0x0
-->   0018  ret             | cfa+512 |

  rsp
    expected 0x0000200000100000
    actual   0x0000200000100200

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: stack balance
  replay: framewright replay FILE
