// coreclr 5461: a helper without a frame pointer left the CFA to be found from one.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    .cfi_def_cfa rbp, 16
    sub rsp, 24
    mov [rsp], rdi
    call rax
    add rsp, 24
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub rsp, 24
    .cfi_def_cfa_offset 32
    mov [rsp], rdi
    call rax
    add rsp, 24
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
