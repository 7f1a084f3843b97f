frame windows_x64.native locals=16
---
.prolog
body:
mov [rbp+16], rcx
mov [rbp+40], rdx
epilog:
.epilog
---
proven: 8 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 54
  P4 frame chain: 5
  P6 nothing below SP: 5
  P7 clobbers: 10
  P8 own frame only: 3
  P13 scratch set: 16
  P14 encodable: 1
  P15 control bits: 6
