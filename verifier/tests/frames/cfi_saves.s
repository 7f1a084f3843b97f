# Rules as they become true, one by one; the epilog's first pops lie within the red zone, so their rules may stay.
frame sysv.native saved=rbx,r12 locals=16
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
mov rbp, rsp
.cfi_def_cfa_register rbp
push r12
.cfi_offset r12, -24
push rbx
.cfi_offset rbx, -32
sub rsp, 16
body:
mov rbx, rdi
mov r12, rsi
call rbx
mov rax, r12
epilog:
add rsp, 16
pop rbx
pop r12
pop rbp
.cfi_def_cfa rsp, 8
ret
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 8
  P7 clobbers: 18
  P8 own frame only: 4
  P10 unwinding: 120
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 8
  assumed: callee-abi (1×)
