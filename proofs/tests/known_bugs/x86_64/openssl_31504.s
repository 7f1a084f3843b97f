// openssl 31504: assembly used rbp as scratch in a frame that unwinders were told to find by it.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_def_cfa_register rbp
    sub rsp, 16
    mov rbp, [rdi]
    call rax
    mov [rsp], rbp
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
    sub rsp, 16
    .cfi_def_cfa_offset 32
    mov rbp, [rdi]
    call rax
    mov [rsp], rbp
    add rsp, 16
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
