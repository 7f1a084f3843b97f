# The way out comes in the loop's second block, and the body begins with a loop.
frame sysv.probed locals=32760
---
push rbp
mov rbp, rsp
lea r11, [rsp-32768]
page:
sub rsp, 4096
test [rsp], r11
jmp next
next:
cmp rsp, r11
jne page
body:
mov [rsp+8], rdi
test rdi, rdi
jne body
epilog:
.epilog
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 5
  P7 clobbers: 19
  P8 own frame only: 2
  P9 probes: 11
  P13 scratch set: 30
  P14 encodable: 1
  P15 control bits: 6
