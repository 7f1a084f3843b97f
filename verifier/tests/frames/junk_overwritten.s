# What the prolog's probes leave is overwritten before it is read: by zero, by a load, by a callee.
frame windows_x64.dynamic locals=64 outgoing=32
---
.prolog
body:
xor eax, eax
je on
mov rcx, [rax]
on:
mov r10, [rcx]
mov rdx, [r10]
call rsi
mov rcx, [rax+r11*8]
epilog:
.epilog
---
proven: 13 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 54
  P4 frame chain: 8
  P5 alignment: 2
  P6 nothing below SP: 4
  P7 clobbers: 11
  P8 own frame only: 3
  P9 probes: 8
  P13 scratch set: 11
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
