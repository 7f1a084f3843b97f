# The same in an epilog, before it goes back to the saves.
frame sysv.dynamic saved=rbx locals=0
---
.prolog
body:
and rax, 240
sub rsp, rax
test [rsp], rax
epilog:
add rsp, 32
lea rsp, [rbp-8]
pop rbx
pop rbp
ret
---
refuted P1 (stack balance): SP in the body is cfa
  in p1_raised_in_epilog at 001a

      at    instruction     | SP     | what changed
      0000  push rbp        | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx        | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8      | cfa-32 |
      000c  and rax, 0xf0   | cfa-32 | rax = 0x0
      0013  sub rsp, rax    | ?      |
      0016  test [rsp], rax | ?      |
-->   001a  add rsp, 0x20   | ?      |

  rsp
    expected 0x00002000000fffe0
    actual   0x0000200000100000

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: dynamic-frame (1×)
  stated by: stack balance
  replay: framewright replay FILE
