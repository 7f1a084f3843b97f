# A value parked below the red zone: a signal handler may overwrite it.
frame sysv.native locals=16
---
.prolog
body:
mov [rsp-136], rdi
mov rax, [rsp-136]
epilog:
.epilog
---
refuted P6 (nothing below SP): `mov [rsp-0x88], rdi` writes 8 bytes at cfa-168, below the frame: nothing below cfa-160 is safe from a signal
  in p6_below_red_zone at 000b

      at    instruction         | SP     | what changed
      0000  push rbp            | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10       | cfa-32 |
-->   000b  mov [rsp-0x88], rdi | cfa-32 | [cfa-168] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000fff60
    actual   0x00002000000fff58

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: red_zone
  replay: framewright replay FILE
