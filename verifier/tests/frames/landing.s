# An entry stub: it saves everything, calls, and a trap brings control to its landing.
frame sysv.native saved=rbx,r12,r13,r14,r15 locals=16 outgoing=0
---
.prolog
body:
mov [rsp+8], rsi
call rdi
mov rcx, [rsp+8]
mov [rcx], rax
xor eax, eax
epilog0:
.epilog
landing0:
mov eax, 1
epilog1:
.epilog
---
proven: 30 instructions
  P1 stack balance: 4
  P2 return: 5
  P3 callee saves: 30
  P4 frame chain: 10
  P5 alignment: 1
  P6 nothing below SP: 23
  P7 clobbers: 22
  P8 own frame only: 8
  P13 scratch set: 53
  P14 encodable: 1
  P15 control bits: 12
  assumed: callee-abi (1×)
  assumed: heap-store (1×)
  assumed: trap-handler (1×)
