# Entered from tier0_loop with one register saved there and two more here.
frame sysv.osr saved=r12,r15 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 r15
---
.prolog
mov r12, [rsp+80]
mov r15d, [rsp+72]
body:
epilog:
.epilog
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 9
  P6 nothing below SP: 13
  P7 clobbers: 4
  P8 own frame only: 4
  P12 state map: 2
  P13 scratch set: 45
  P14 encodable: 1
  P15 control bits: 6
  assumed: osr-entry (1×)
