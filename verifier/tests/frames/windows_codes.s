# Codes for pushes, allocation and a vector register; the epilog is known by its instructions.
frame windows_x64.native saved=rbx,xmm7 locals=16 outgoing=32
windows 01 13 05 00 0e 78 03 00 09 82 02 30 01 50 00 00
---
.prolog
body:
mov rbx, rcx
movq xmm7, rcx
epilog:
.epilog
---
proven: 12 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 54
  P4 frame chain: 5
  P5 alignment: 2
  P6 nothing below SP: 7
  P7 clobbers: 10
  P8 own frame only: 3
  P10 unwinding: 240
  P13 scratch set: 16
  P14 encodable: 1
  P15 control bits: 6
