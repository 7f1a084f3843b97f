# The helper has unwound tier-0 and made the step of 8 bytes.
frame sysv.osr_unwind saved=r12 locals=24 outgoing=0
transition sysv.ryujit_unwind
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 dead
state local0 i32 dead
---
.prolog
body:
mov ebx, 1
epilog:
.epilog
---
proven: 10 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 7
  P7 clobbers: 4
  P8 own frame only: 2
  P13 scratch set: 45
  P14 encodable: 1
  P15 control bits: 6
  assumed: osr-entry (1×)
