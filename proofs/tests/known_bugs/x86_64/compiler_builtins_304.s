// compiler-builtins 304: the helper that probes moved SP page by page, and no unwinder was told.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    mov rbp, rsp
    mov r11, rax
1:  sub rsp, 4096
    test [rsp], rsp
    sub r11, 4096
    cmp r11, 4096
    ja 1b
    mov rsp, rbp
    pop rbp
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_def_cfa_register rbp
    mov r11, rax
1:  sub rsp, 4096
    test [rsp], rsp
    sub r11, 4096
    cmp r11, 4096
    ja 1b
    mov rsp, rbp
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
