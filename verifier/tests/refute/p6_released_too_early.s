# SP is moved up first, the saves are read afterwards from far below it.
frame sysv.native saved=rbx locals=160
---
.prolog
body:
epilog:
mov rbx, [rbp-8]
mov rsp, rbp
mov rdx, [rbp-160]
pop rbp
ret
---
refuted P6 (nothing below SP): `mov rdx, [rbp-0xa0]` reads 8 bytes at cfa-176, region locals of frame sysv.native: nothing below cfa-144 is safe from a signal
  in p6_released_too_early at 0016

      at    instruction         | SP      | what changed
      0000  push rbp            | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx            | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0xa8       | cfa-192 |
      000c  mov rbx, [rbp-8]    | cfa-192 |
      0013  mov rsp, rbp        | cfa-16  |
-->   0016  mov rdx, [rbp-0xa0] | cfa-16  | rdx = 0x0

  address of 8 bytes
    expected 0x00002000000fff70
    actual   0x00002000000fff50

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: red_zone
  replay: framewright replay FILE
