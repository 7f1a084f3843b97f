# Pushed below the frame and popped again; the red zone.
frame sysv.native saved=rbx locals=8 outgoing=0
---
.prolog
body:
push rdi
pop rbx
mov [rsp-64], rbx
mov rax, [rsp-64]
epilog:
.epilog
---
proven: 12 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 9
  P7 clobbers: 18
  P8 own frame only: 4
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
