# What is saved is still in its register: its rule may come as late as the register's first change.
frame sysv.native saved=rbx locals=8
---
push rbp
.cfi_def_cfa_offset 16
mov rbp, rsp
.cfi_offset rbp, -16
push rbx
.cfi_def_cfa_offset 24
sub rsp, 8
.cfi_def_cfa_offset 32
body:
mov rdi, [rdi]
mov rbx, rdi
.cfi_offset rbx, -24
mov rax, rbx
epilog:
add rsp, 8
.cfi_def_cfa_offset 24
pop rbx
.cfi_def_cfa_offset 16
pop rbp
.cfi_def_cfa_offset 8
ret
---
proven: 11 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 5
  P6 nothing below SP: 5
  P7 clobbers: 18
  P8 own frame only: 2
  P10 unwinding: 88
  P13 scratch set: 32
  P14 encodable: 1
  P15 control bits: 6
