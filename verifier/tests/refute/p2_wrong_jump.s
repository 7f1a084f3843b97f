# The patchpoint jumps to what it told the helper, not to what the helper answered.
frame sysv.tier0 saved=rbx locals=32
home context i64 -64
---
.prolog
body:
mov [rbp-48], rdi
lea rbx, [resume0]
mov rcx, rbx
mov edx, 0
mov rax, [rdi+8]
call rax
patch0:
jmp rbx
resume0:
epilog:
.epilog
---
refuted P2 (return): the patchpoint does not jump to what its helper answered: to 0x21000000002d, expected 0x1111111111111111
  in p2_wrong_jump at 002b

      at    instruction         | SP      | what changed
      0000  push rbp            | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx            | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x48       | cfa-96  |
      000c  mov [rbp-0x30], rdi | cfa-96  | [cfa-64] = 0x230000000000 (rdi at entry)
      0013  lea rbx, [0x2d]     | cfa-96  | rbx = 0x21000000002d
      001a  mov rcx, rbx        | cfa-96  | rcx = 0x21000000002d
      001d  mov edx, 0          | cfa-96  | rdx = 0x0
      0022  mov rax, [rdi+8]    | cfa-96  | rax = 0x0
      0029  call rax            | cfa-104 | [cfa-104] = 0x21000000002b, the callee's registers are anything
-->   002b  jmp rbx             | cfa-96  |

  pc
    expected 0x1111111111111111
    actual   0x000021000000002d

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x230000000000 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  assumed: patchpoint-helper (1×)
  stated by: claim
  replay: framewright replay FILE
