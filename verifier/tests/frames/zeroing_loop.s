# A loop of the prolog zeroes the locals, from the top down.
frame sysv.probed saved=rbx locals=64
---
.prolog
lea r11, [rbp-8]
zero:
sub r11, 8
mov [r11], 0
cmp r11, rsp
jne zero
body:
epilog:
.epilog
---
proven: 13 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 6
  P7 clobbers: 19
  P8 own frame only: 3
  P9 probes: 13
  P13 scratch set: 30
  P14 encodable: 1
  P15 control bits: 6
