# Each round touches a page below SP, and gives it back.
frame sysv.dynamic saved=rbx locals=0
---
.prolog
body:
test [rsp], rax
mov rbx, rdi
head:
sub rsp, 4096
test [rsp], rax
add rsp, 4096
call rbx
test rbx, rbx
jne head
epilog:
.epilog
---
proven: 16 instructions
  P1 stack balance: 3
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 3
  P6 nothing below SP: 8
  P7 clobbers: 19
  P8 own frame only: 3
  P9 probes: 14
  P13 scratch set: 30
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
