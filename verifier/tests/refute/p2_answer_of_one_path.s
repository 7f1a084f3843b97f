# On one of two ways there was another call since, and the register of its answer was put back.
frame sysv.tier0 saved=rbx locals=32 outgoing=0
home context i64 -64
---
.prolog
body:
mov [rbp-48], rdi
mov ebx, 7
lea rcx, [resume0]
mov edx, 0
mov r8, [rdi+8]
call r8
mov rbx, rax
mov rdi, [rbp-48]
test rdi, rdi
je other
call rbx
other:
mov rax, rbx
patch0:
jmp rax
resume0:
epilog:
.epilog
---
refuted P2 (return): the patchpoint does not jump to what its helper answered: to 0xeeeeeeeeeeeeeeee, expected 0x4444444444444444
  in p2_answer_of_one_path at 0046

      at    instruction         | SP      | what changed
      0000  push rbp            | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx            | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x48       | cfa-96  |
      000c  mov [rbp-0x30], rdi | cfa-96  | [cfa-64] = 0x230000000000 (rdi at entry)
      0013  mov ebx, 7          | cfa-96  | rbx = 0x7
      0018  lea rcx, [0x48]     | cfa-96  | rcx = 0x210000000048
      001f  mov edx, 0          | cfa-96  | rdx = 0x0
      0024  mov r8, [rdi+8]     | cfa-96  | r8 = 0x0
      002b  call r8             | cfa-104 | [cfa-104] = 0x21000000002e, the callee's registers are anything
      002e  mov rbx, rax        | cfa-96  | rbx = 0xeeeeeeeeeeeeeeee
      0031  mov rdi, [rbp-0x30] | cfa-96  | rdi = 0x230000000000 (rdi at entry)
      0038  test rdi, rdi       | cfa-96  |
      003b  je 0x43             | cfa-96  |
      0041  call rbx            | cfa-104 | [cfa-104] = 0x210000000043, the callee's registers are anything
      0043  mov rax, rbx        | cfa-96  | rax = 0xeeeeeeeeeeeeeeee
-->   0046  jmp rax             | cfa-96  |

  pc
    expected 0x4444444444444444
    actual   0xeeeeeeeeeeeeeeee

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x230000000000 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (2×)
  assumed: patchpoint-helper (1×)
  stated by: claim
  replay: framewright replay FILE
