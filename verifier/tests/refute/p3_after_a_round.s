# Only the second round through the loop shows it.
frame sysv.native saved=rbx locals=8
---
.prolog
body:
xor ebx, ebx
head:
cmp rbx, 1
jne next
mov r14, rbx
next:
add rbx, 1
cmp rbx, 2
jb head
epilog:
.epilog
---
refuted P3 (callee saves): r14, which the frame does not save, is 0x1, expected 0x5555555555555555 (r14 at entry): `mov r14, rbx` at 001b set it
  in p3_after_a_round at 002c

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8   | cfa-32 |
      000c  xor ebx, ebx | cfa-32 | rbx = 0x0
      000e  cmp rbx, 1   | cfa-32 |
      0015  jne 0x1e     | cfa-32 |
      001e  add rbx, 1   | cfa-32 | rbx = 0x1
      0025  cmp rbx, 2   | cfa-32 |
      002c  jb 0xe       | cfa-32 |
      000e  cmp rbx, 1   | cfa-32 |
      0015  jne 0x1e     | cfa-32 |
-->   001b  mov r14, rbx | cfa-32 | r14 = 0x1
      001e  add rbx, 1   | cfa-32 | rbx = 0x2
      0025  cmp rbx, 2   | cfa-32 |
      002c  jb 0xe       | cfa-32 |

  r14
    expected 0x5555555555555555
    actual   0x0000000000000001

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
