# The helper is told another patchpoint.
# Tier-0 code that may leave at a patchpoint: two state values, the context and an i32 local.
frame sysv.tier0 saved=rbx locals=32 outgoing=0
home context i64 -64
home local0 i32 -72
---
.prolog
body:
mov [rbp-48], rdi
mov [rbp-56], rsi
mov ebx, 7
head:
mov rdi, [rbp-48]
lea rsi, [rbp-56]
lea rcx, [resume0]
mov edx, 1
mov rax, [rdi+8]
call rax
patch0:
jmp rax
resume0:
mov eax, [rbp-56]
sub eax, 1
mov [rbp-56], eax
cmp eax, 0
jne head
epilog:
.epilog
---
refuted P12 (state map): the helper is not given the patchpoint's number 0
  in p12_wrong_number at 0042

      at    instruction         | SP      | what changed
      0000  push rbp            | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx            | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x48       | cfa-96  |
      000c  mov [rbp-0x30], rdi | cfa-96  | [cfa-64] = 0x230000000000 (rdi at entry)
      0013  mov [rbp-0x38], rsi | cfa-96  | [cfa-72] = 0x0 (rsi at entry)
      001a  mov ebx, 7          | cfa-96  | rbx = 0x7
      001f  mov rdi, [rbp-0x30] | cfa-96  |
      0026  lea rsi, [rbp-0x38] | cfa-96  | rsi = 0x2000000fffb8 (cfa-72)
      002d  lea rcx, [0x44]     | cfa-96  | rcx = 0x210000000044
      0034  mov edx, 1          | cfa-96  | rdx = 0x1
      0039  mov rax, [rdi+8]    | cfa-96  | rax = 0x0
      0040  call rax            | cfa-104 | [cfa-104] = 0x210000000042, the callee's registers are anything
-->   0042  jmp rax             | cfa-96  |

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x230000000000 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  assumed: frame-address (1×)
  assumed: patchpoint-helper (1×)
  stated by: claim
  replay: framewright replay FILE
