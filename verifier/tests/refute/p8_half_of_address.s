# The low half of SP is an address of the frame, too, as far as anybody knows.
frame sysv.native locals=64
---
.prolog
body:
mov eax, esp
mov [rax], rdi
epilog:
.epilog
---
refuted P6 (nothing below SP): `mov [rax], rdi` writes 8 bytes at cfa-35184372088912, below the frame: nothing below cfa-208 is safe from a signal
  in p8_half_of_address at 000d

      at    instruction    | SP     | what changed
      0000  push rbp       | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp   | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x40  | cfa-80 |
      000b  mov eax, esp   | cfa-80 | rax = 0xfffb0
-->   000d  mov [rax], rdi | cfa-80 | [0xfffb0] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000fff30
    actual   0x00000000000fffb0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: red_zone
  replay: framewright replay FILE
