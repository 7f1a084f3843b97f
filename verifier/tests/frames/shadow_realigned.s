# Room for a callee, in a frame whose SP was rounded down.
frame windows_x64.realigned locals=64 outgoing=32
---
.prolog
body:
call rax
mov [rsp+24], rcx
epilog:
.epilog
---
proven: 9 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 54
  P4 frame chain: 8
  P5 alignment: 4
  P6 nothing below SP: 5
  P7 clobbers: 10
  P8 own frame only: 4
  P13 scratch set: 16
  P15 control bits: 8
  assumed: callee-abi (1×)
