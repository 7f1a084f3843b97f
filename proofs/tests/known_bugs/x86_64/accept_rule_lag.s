// LLVM X86FrameLowering: where a register is saved is told only when all are, for until one is written it still holds its value.
//
// convention: sysv
// judge: foreign
// unwinding: proven
    .intel_syntax noprefix
accepted:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    push rbx
    .cfi_def_cfa_offset 24
    push rax
    .cfi_def_cfa_offset 32
    .cfi_offset rbx, -24
    .cfi_offset rbp, -16
    mov rbx, rdi
    mov rbp, rsi
    call rax
    add rsp, 8
    .cfi_def_cfa_offset 24
    pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
