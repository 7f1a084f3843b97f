# A page is touched on one of two ways, and the next one behind both.
frame sysv.dynamic locals=0
---
.prolog
body:
test [rsp], rax
test rdi, rdi
je out
nop
jmp last
out:
sub rsp, 4096
test [rsp], rax
add rsp, 4096
last:
sub rsp, 8192
test [rsp], rax
epilog:
.epilog
---
refuted P9 (probes): `test [rsp], rax` reads at cfa-8208, 8192 bytes below cfa-16, the lowest byte that is known to be touched or the frame's end: 4096 at most
  in p9_touched_on_other_path at 0030

      at    instruction     | SP       | what changed
      0000  push rbp        | cfa-16   | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16   | rbp = 0x2000000ffff0 (cfa-16)
      0004  test [rsp], rax | cfa-16   |
      0008  test rdi, rdi   | cfa-16   |
      000b  je 0x17         | cfa-16   |
      0011  nop             | cfa-16   |
      0012  jmp 0x29        | cfa-16   |
      0029  sub rsp, 0x2000 | cfa-8208 |
-->   0030  test [rsp], rax | cfa-8208 |

  address of 8 bytes
    expected 0x00002000000feff0
    actual   0x00002000000fdff0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x1 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: guard_bytes
  replay: framewright replay FILE
