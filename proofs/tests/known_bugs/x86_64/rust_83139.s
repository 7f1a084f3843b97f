// rust 83139: a large frame was probed page by page, and described once it was all there.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA, before 0007
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    sub rsp, 4096
    mov qword ptr [rsp], 0
    sub rsp, 4096
    mov qword ptr [rsp], 0
    sub rsp, 8
    .cfi_def_cfa_offset 8208
    mov [rsp], rdi
    mov rax, [rsp]
    add rsp, 8200
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub rsp, 4096
    .cfi_def_cfa_offset 4104
    mov qword ptr [rsp], 0
    sub rsp, 4096
    .cfi_def_cfa_offset 8200
    mov qword ptr [rsp], 0
    sub rsp, 8
    .cfi_def_cfa_offset 8208
    mov [rsp], rdi
    mov rax, [rsp]
    add rsp, 8200
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
