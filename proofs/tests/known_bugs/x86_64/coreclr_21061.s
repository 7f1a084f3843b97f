// coreclr 21061: the loop that probes lowered SP before anything was described; an overflow in it could not be unwound.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA by the row, before 000c: sub
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    lea r11, [rsp - 16384]
1:  sub rsp, 4096
    test [rsp], rsp
    cmp rsp, r11
    jne 1b
    .cfi_def_cfa_register rbp
    mov [rsp], rdi
    mov rsp, rbp
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
    .cfi_def_cfa_register rbp
    lea r11, [rsp - 16384]
1:  sub rsp, 4096
    test [rsp], rsp
    cmp rsp, r11
    jne 1b
    mov [rsp], rdi
    mov rsp, rbp
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
