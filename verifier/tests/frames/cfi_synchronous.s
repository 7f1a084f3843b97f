# At calls the row is right; elsewhere nothing is claimed.
frame sysv.native saved=rbx locals=8
unwind synchronous
---
.cfi_def_cfa_offset 32
.cfi_offset rbp, -16
.cfi_offset rbx, -24
push rbp
mov rbp, rsp
push rbx
sub rsp, 8
body:
mov rbx, rdi
call rbx
mov rax, rbx
epilog:
.epilog
---
proven: 11 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 6
  P7 clobbers: 18
  P8 own frame only: 3
  P10 unwinding: 8
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
