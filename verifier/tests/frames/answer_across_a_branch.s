# Both ways from the helper's answer to the jump know it.
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
test rbx, rbx
je other
nop
other:
patch0:
jmp rax
resume0:
epilog:
.epilog
---
proven: 18 instructions
  P1 stack balance: 3
  P2 return: 6
  P3 callee saves: 24
  P4 frame chain: 11
  P5 alignment: 1
  P6 nothing below SP: 7
  P7 clobbers: 18
  P8 own frame only: 4
  P12 state map: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 10
  assumed: callee-abi (1×)
  assumed: patchpoint-helper (1×)
