# A body that lowers SP page by page, where it lowers it at all, and uses what it got.
frame sysv.dynamic saved=rbx locals=16
---
.prolog
body:
test rdi, rdi
je never
add rax, 15
and rax, -16
test [rsp], rax
page:
cmp rax, 4096
jbe last
sub rsp, 4096
test [rsp], rax
sub rax, 4096
jmp page
last:
sub rsp, rax
test [rsp], rax
mov [rsp], rdi
call rsi
epilog:
.epilog
never:
ud2
---
proven: 24 instructions
  P1 stack balance: 3
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 2
  P6 nothing below SP: 10
  P7 clobbers: 19
  P8 own frame only: 4
  P9 probes: 17
  P13 scratch set: 30
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
  assumed: dynamic-frame (2×)
