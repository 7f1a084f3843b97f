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
mov edx, 0
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
proven: 23 instructions
  P1 stack balance: 3
  P2 return: 6
  P3 callee saves: 24
  P4 frame chain: 11
  P5 alignment: 1
  P6 nothing below SP: 11
  P7 clobbers: 18
  P8 own frame only: 6
  P12 state map: 3
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 10
  assumed: callee-abi (1×)
  assumed: frame-address (1×)
  assumed: patchpoint-helper (1×)
