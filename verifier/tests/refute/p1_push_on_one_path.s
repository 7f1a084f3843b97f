# SP differs where two paths join; each alone would go on.
frame sysv.native saved=rbx locals=24
---
.prolog
body:
test rdi, rdi
je skip
push rdi
skip:
nop
nop
mov rax, rsi
test rax, rax
jne other
mov eax, 1
other:
epilog:
.epilog
---
refuted P1 (stack balance): SP in the body is 0x2000000fffc8 (cfa-56), expected 0x2000000fffd0 (cfa-48): `push rdi` at 0015 leaves it so
  in p1_push_on_one_path at 001e

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx      | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x18 | cfa-48 |
      000c  test rdi, rdi | cfa-48 |
      000f  je 0x16       | cfa-48 |
-->   0015  push rdi      | cfa-56 | [cfa-56] = 0x1 (rdi at entry)
      0016  nop           | cfa-56 |
      0017  nop           | cfa-56 |
      0018  mov rax, rsi  | cfa-56 | rax = 0x1 (rsi at entry)
      001b  test rax, rax | cfa-56 |
      001e  jne 0x29      | cfa-56 |

  rsp
    expected 0x00002000000fffd0
    actual   0x00002000000fffc8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x1 rdi=0x1 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: total size
  replay: framewright replay FILE
