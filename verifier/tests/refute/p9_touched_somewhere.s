# Before the body, one of two ways touches an address that was rounded down: which is lower is nothing that the other has touched.
frame sysv.dynamic locals=20000
---
push rbp
mov rbp, rsp
sub rsp, 20000
test rdi, rdi
je out
lea r11, [rbp-64]
and r11, -64
test [r11], r11
out:
nop
body:
epilog:
lea rsp, [rbp]
pop rbp
ret
---
refuted P9 (probes): SP in the body is cfa-20016, 20000 bytes below cfa-16, the lowest byte that is known to be touched or the frame's end: 3968 at most
  in p9_touched_somewhere at 0025

      at    instruction     | SP        | what changed
      0000  push rbp        | cfa-16    | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16    | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x4e20 | cfa-20016 |
      000b  test rdi, rdi   | cfa-20016 |
      000e  je 0x25         | cfa-20016 |
-->   0025  nop             | cfa-20016 |

  rsp
    expected 0x00002000000ff070
    actual   0x00002000000fb1d0

  these values are the only ones (unique)
  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: guard_bytes
  replay: framewright replay FILE
