# Control leaves the code at its end.
frame sysv.native locals=16
---
.prolog
body:
test rdi, rdi
je out
epilog:
.epilog
out:
xor eax, eax
---
refuted P2 (return): control leaves the code
  in p2_falls_out at 001d

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
      000b  test rdi, rdi | cfa-32 |
      000e  je 0x1d       | cfa-32 |
-->   001d  xor eax, eax  | cfa-32 | rax = 0x0

  these values are the only ones (unique)
  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim
  replay: framewright replay FILE
