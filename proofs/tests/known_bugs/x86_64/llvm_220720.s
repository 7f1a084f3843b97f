// LLVM 220720: the release of a pad was hoisted above a branch, and the notes on it stayed in the blocks that it had come from.
//
// convention: sysv
// judge: foreign
// expect: P10, calls only, CFA by the row, before 000b: test
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    push rbx
    .cfi_def_cfa_offset 24
    .cfi_offset rbx, -24
    push rax
    .cfi_def_cfa_offset 32
    mov ebx, edi
    call rax
    add rsp, 8
    test ebx, ebx
    je 1f
    .cfi_def_cfa_offset 24
    pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    jmp rcx
    .cfi_def_cfa_offset 24
1:  pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    jmp rdx
    .cfi_endproc

fixed:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    push rbx
    .cfi_def_cfa_offset 24
    .cfi_offset rbx, -24
    push rax
    .cfi_def_cfa_offset 32
    mov ebx, edi
    call rax
    add rsp, 8
    .cfi_def_cfa_offset 24
    test ebx, ebx
    je 1f
    pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    jmp rcx
    .cfi_def_cfa_offset 24
1:  pop rbx
    .cfi_def_cfa_offset 16
    pop rbp
    .cfi_def_cfa_offset 8
    jmp rdx
    .cfi_endproc
