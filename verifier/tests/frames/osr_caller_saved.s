# A value is brought into a register that calls do not keep.
frame sysv.osr saved= locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 rcx
state local0 i32 rsi
---
.prolog
mov rcx, [rsp+80]
mov esi, [rsp+72]
body:
epilog:
.epilog
---
proven: 10 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 9
  P6 nothing below SP: 9
  P7 clobbers: 4
  P8 own frame only: 2
  P12 state map: 2
  P13 scratch set: 41
  P14 encodable: 1
  P15 control bits: 6
  assumed: osr-entry (1×)
