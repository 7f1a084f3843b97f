# Remembered and restored state round an epilog in the middle; the second one is of a landing, where FP is lost.
frame sysv.native saved=rbx,r12,r13,r14,r15 locals=8
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
mov rbp, rsp
.cfi_def_cfa_register rbp
push r15
push r14
push r13
push r12
push rbx
sub rsp, 8
.cfi_offset rbx, -56
.cfi_offset r12, -48
.cfi_offset r13, -40
.cfi_offset r14, -32
.cfi_offset r15, -24
body:
call rdi
xor eax, eax
epilog0:
.cfi_remember_state
add rsp, 8
pop rbx
pop r12
pop r13
pop r14
pop r15
pop rbp
.cfi_def_cfa rsp, 8
ret
landing0:
.cfi_restore_state
.cfi_def_cfa rsp, 64
mov eax, 1
epilog1:
add rsp, 8
.cfi_def_cfa_offset 56
pop rbx
.cfi_def_cfa_offset 48
pop r12
.cfi_def_cfa_offset 40
pop r13
.cfi_def_cfa_offset 32
pop r14
.cfi_def_cfa_offset 24
pop r15
.cfi_def_cfa_offset 16
pop rbp
.cfi_def_cfa_offset 8
ret
---
proven: 27 instructions
  P1 stack balance: 4
  P2 return: 5
  P3 callee saves: 30
  P4 frame chain: 10
  P5 alignment: 1
  P6 nothing below SP: 21
  P7 clobbers: 22
  P8 own frame only: 7
  P10 unwinding: 224
  P13 scratch set: 53
  P14 encodable: 1
  P15 control bits: 12
  assumed: callee-abi (1×)
  assumed: trap-handler (1×)
