# A result is lost on one of the ways through the epilog.
frame sysv.native locals=16
---
.prolog
body:
mov eax, 3
epilog:
add rsp, 16
pop rbp
test rdi, rdi
je out
jmp last
out:
mov eax, 0
nop
last:
ret
---
refuted P7 (clobbers): result register rax at the return is 0x0, expected 0x3: `mov eax, 0` at 0026 set it
  in p7_result_lost_on_other_path at 002c

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
      000b  mov eax, 3    | cfa-32 | rax = 0x3
      0010  add rsp, 0x10 | cfa-16 |
      0017  pop rbp       | cfa-8  | rbp = 0x2222222222222222 (rbp at entry)
      0018  test rdi, rdi | cfa-8  |
      001b  je 0x26       | cfa-8  |
-->   0026  mov eax, 0    | cfa-8  | rax = 0x0
      002b  nop           | cfa-8  |
      002c  ret           | cfa    |

  rax
    expected 0x0000000000000003
    actual   0x0000000000000000

  these values are the only ones (unique)
  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: arguments and results
  replay: framewright replay FILE
