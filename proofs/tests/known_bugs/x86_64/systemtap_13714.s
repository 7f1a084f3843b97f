// systemtap 13714: the CFA was given by an expression, and then its register changed, which expressions have none of.
//
// convention: sysv
// judge: foreign
// expect: P10, malformed, invalid context
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_escape 0x0f, 2, 0x76, 16
    .cfi_def_cfa_register rbp
    call rax
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_escape 0x0f, 2, 0x76, 16
    call rax
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
