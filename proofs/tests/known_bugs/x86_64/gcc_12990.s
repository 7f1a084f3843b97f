// GCC PR 12990: a return in the middle of a function had no row of its own after its frame was gone. There without a frame pointer on i386.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA, before 000c: ret
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    sub rsp, 56
    .cfi_def_cfa_offset 64
    test edi, edi
    je 1f
    add rsp, 56
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
