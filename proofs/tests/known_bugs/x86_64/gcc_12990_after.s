// GCC PR 12990 (GCC 3.2.2): the row of a return in the middle of a function went on to hold for the code after it.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA, before 000d: mov
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    sub rsp, 56
    .cfi_def_cfa_offset 64
    test edi, edi
    je 1f
    add rsp, 56
    .cfi_def_cfa_offset 8
    ret
1:  mov [rsp], rdi
    add rsp, 56
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub rsp, 56
    .cfi_def_cfa_offset 64
    test edi, edi
    je 1f
    .cfi_remember_state
    add rsp, 56
    .cfi_def_cfa_offset 8
    ret
    .cfi_restore_state
1:  mov [rsp], rdi
    add rsp, 56
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
