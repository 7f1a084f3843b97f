// LLVM 17204 (also gramine 391): the base pointer of a realigned frame was written by assembly, and SP found by it.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    push rbx
    sub rsp, 32
    mov rbx, rsp
    cpuid
    lea rsp, [rbx + 32]
    pop rbx
    ret

fixed:
    push rbx
    sub rsp, 32
    mov rbx, rsp
    mov r8, rbx
    cpuid
    mov rbx, r8
    lea rsp, [rbx + 32]
    pop rbx
    ret
