# What is read from the data is known: the frame is removed by it.
frame sysv.native saved=rbx locals=264
---
.prolog
body:
epilog0:
mov rbx, [size]
add rsp, rbx
pop rbx
pop rbp
ret
data:
.byte 0xff
size:
.byte 0x08, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00
---
proven: 9 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 5
  P7 clobbers: 18
  P8 own frame only: 2
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
