frame sysv.native saved=rbx,r12,r15 locals=40 outgoing=16
---
.prolog
body:
mov rbx, rdi
mov [rbp-64], rsi
mov r12, [rbx+8]
mov [rsp], r12
call r12
mov r15, rax
test rax, rax
je other
mov [rbx+16], rax
other:
mov rax, r15
epilog:
.epilog
---
proven: 22 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 12
  P7 clobbers: 18
  P8 own frame only: 7
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
  assumed: heap-store (1×)
