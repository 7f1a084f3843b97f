# Control comes to the middle of a loop that lowers SP, too: it is none of one way in. What is wrong is wrong before it.
frame sysv.dynamic saved= locals=0
---
.prolog
body:
and rax, -16
test [rsp], rax
xor r12d, r12d
page:
cmp rax, 4096
jbe last
landing0:
sub rsp, 4096
test [rsp], rax
sub rax, 4096
jmp page
last:
epilog:
add rsp, 4096
pop rbp
ret
---
refuted P3 (callee saves): r12, which the frame does not save, is 0x0, expected 0x3333333333333333 (r12 at entry): `xor r12d, r12d` at 000f set it
  in p3_lost_before_the_loop at 0019

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp                | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  and rax, 0xfffffffffffffff0 | cfa-16 | rax = 0x0
      000b  test [rsp], rax             | cfa-16 |
-->   000f  xor r12d, r12d              | cfa-16 | r12 = 0x0
      0012  cmp rax, 0x1000             | cfa-16 |
      0019  jbe 0x36                    | cfa-16 |

  r12
    expected 0x3333333333333333
    actual   0x0000000000000000

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
