# Pages touched by a loop, before a body that begins with a loop.
frame sysv.probed saved=rbx locals=40000
---
.prolog
body:
mov [rsp+8], rdi
test rdi, rdi
jne body
epilog:
.epilog
---
proven: 16 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 7
  P7 clobbers: 19
  P8 own frame only: 3
  P9 probes: 14
  P13 scratch set: 30
  P14 encodable: 1
  P15 control bits: 6
