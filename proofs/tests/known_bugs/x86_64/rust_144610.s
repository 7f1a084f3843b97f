// rust 144610: assembly pushed and called, and the surrounding function's unwind data did not know.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA by the row, call rax
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    sub rsp, 8
    .cfi_def_cfa_offset 16
    push rdi
    push rsi
    call rax
    pop rcx
    pop rcx
    add rsp, 8
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub rsp, 8
    .cfi_def_cfa_offset 16
    push rdi
    .cfi_def_cfa_offset 24
    push rsi
    .cfi_def_cfa_offset 32
    call rax
    pop rcx
    .cfi_def_cfa_offset 24
    pop rcx
    .cfi_def_cfa_offset 16
    add rsp, 8
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
