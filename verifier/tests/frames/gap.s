# A byte that nothing leads to; it is half an instruction.
frame sysv.native locals=0
---
.prolog
body:
jmp on
.byte 0x48
on:
mov eax, 1
epilog0:
.epilog
---
proven: 6 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 3
  P7 clobbers: 18
  P8 own frame only: 1
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
