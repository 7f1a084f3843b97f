// Wasmtime 3864: the saves were described as made with the frame pointer, before the check of the stack's limit whose trap comes in between.
//
// convention: sysv
// judge: foreign
// expect: P10, rbx by the row
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_def_cfa_register rbp
    .cfi_offset rbx, -24
    cmp rsp, [rdi]
    jb 1f
    push rbx
    sub rsp, 8
    mov rbx, rdi
    call rsi
    add rsp, 8
    pop rbx
    .cfi_restore rbx
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
1:  .cfi_def_cfa rbp, 16
    ud2
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_def_cfa_register rbp
    cmp rsp, [rdi]
    jb 1f
    push rbx
    .cfi_offset rbx, -24
    sub rsp, 8
    mov rbx, rdi
    call rsi
    add rsp, 8
    pop rbx
    .cfi_restore rbx
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
1:  .cfi_def_cfa rbp, 16
    ud2
    .cfi_endproc
