frame sysv.native saved=rbx locals=16 outgoing=0
---
.prolog
body:
xor ebx, ebx
head:
add rbx, 1
cmp rbx, 100
jb head
mov rax, rbx
epilog:
.epilog
---
proven: 13 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 5
  P7 clobbers: 18
  P8 own frame only: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
