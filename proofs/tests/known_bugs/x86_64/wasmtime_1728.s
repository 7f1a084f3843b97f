// Wasmtime 1728: a saved vector register was in the lowest 32 bytes of the frame, which are the callee's to write.
//
// convention: windows_x64
// judge: foreign
// expect: P3, xmm6, slot cfa-64
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rdi
    sub rsp, 40
    movaps [rsp], xmm6
    call rax
    movaps xmm6, [rsp]
    add rsp, 40
    pop rdi
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rdi
    sub rsp, 56
    movaps [rsp + 32], xmm6
    call rax
    movaps xmm6, [rsp + 32]
    add rsp, 56
    pop rdi
    pop rbp
    ret
