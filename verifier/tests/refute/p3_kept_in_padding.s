# rbx is kept in padding that the body may come to by SP.
frame sysv.dynamic saved= locals=8
---
.prolog
mov [rsp], rbx
body:
xor ebx, ebx
and rax, 240
sub rsp, rax
test [rsp], rax
mov [rsp], rdi
mov rbx, [rbp-16]
epilog:
.epilog
---
refuted P3 (callee saves): rbx, which the frame does not save, is 0x4444444444444444, expected 0x1111111111111111 (rbx at entry): `mov rbx, [rbp-0x10]` at 0023 loads it from cfa-32, which was never given its value
  in p3_kept_in_padding at 0023

      at    instruction         | SP     | what changed
      0000  push rbp            | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10       | cfa-32 |
      000b  mov [rsp], rbx      | cfa-32 | [cfa-32] = 0x1111111111111111 (rbx at entry)
      000f  xor ebx, ebx        | cfa-32 | rbx = 0x0
      0011  and rax, 0xf0       | cfa-32 | rax = 0x0
      0018  sub rsp, rax        | ?      |
      001b  test [rsp], rax     | ?      |
      001f  mov [rsp], rdi      | ?      | [0x2000000fffe0] = 0x0 (rdi at entry)
-->   0023  mov rbx, [rbp-0x10] | ?      | rbx = 0x4444444444444444

  rbx
    expected 0x1111111111111111
    actual   0x4444444444444444

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: dynamic-frame (1×)
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
