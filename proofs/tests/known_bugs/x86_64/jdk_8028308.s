// JDK-8028308: a frame was popped, room for the next ones probed, and only then the frame pointer fetched: a fault in the probe found another.
//
// convention: sysv
// judge: foreign
// expect: P10, calls only, rbp by the row, before 0013: test
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    sub rsp, 32
    .cfi_def_cfa_offset 48
    mov rbp, rdi
    call rax
    mov rcx, [rsp + 32]
    add rsp, 40
    .cfi_def_cfa_offset 8
    .cfi_same_value rbp
    test [rsp - 16384], rsp
    mov rbp, rcx
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    sub rsp, 32
    .cfi_def_cfa_offset 48
    mov rbp, rdi
    call rax
    mov rcx, [rsp + 32]
    mov rbp, rcx
    add rsp, 40
    .cfi_def_cfa_offset 8
    .cfi_same_value rbp
    test [rsp - 16384], rsp
    ret
    .cfi_endproc
