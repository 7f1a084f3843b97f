# Room for a callee, in a frame whose body may lower SP.
frame windows_x64.dynamic locals=64 outgoing=32
---
.prolog
body:
call rsi
mov rcx, [rsp+24]
epilog:
.epilog
---
proven: 8 instructions
  P1 stack balance: 1
  P2 return: 3
  P3 callee saves: 54
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 5
  P7 clobbers: 11
  P8 own frame only: 3
  P9 probes: 8
  P13 scratch set: 11
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
