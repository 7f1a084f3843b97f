// Wasmtime 13657: a fiber's stack was entered misaligned, and so was every call from it.
//
// convention: sysv
// judge: foreign
// expect: P5, rsp
    .intel_syntax noprefix
faulty:
    push rbp
    push rbx
    push r12
    push r13
    call rax
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    push rbx
    push r12
    push r13
    sub rsp, 8
    call rax
    add rsp, 8
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret
