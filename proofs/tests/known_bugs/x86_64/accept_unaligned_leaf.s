// LLVM X86FrameLowering: a leaf does not align SP, and keeps its locals in the red zone.
//
// convention: sysv
// judge: foreign
accepted:
    .intel_syntax noprefix
    push rbx
    mov [rsp - 128], rdi
    mov [rsp - 8], r12
    mov rbx, rsi
    mov r12, rdi
    lea rax, [rbx + r12]
    mov r12, [rsp - 8]
    pop rbx
    ret
