// LLVM 202570: the prolog of asynchronous Swift functions pushed a context and told unwinders three instructions later.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA by the row, before 0003: lea
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    push r14
    lea rbp, [rsp + 8]
    sub rsp, 8
    .cfi_def_cfa rbp, 16
    mov rax, [rdi]
    add rsp, 16
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    push r14
    .cfi_def_cfa_offset 24
    lea rbp, [rsp + 8]
    .cfi_def_cfa rbp, 16
    sub rsp, 8
    mov rax, [rdi]
    add rsp, 16
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
