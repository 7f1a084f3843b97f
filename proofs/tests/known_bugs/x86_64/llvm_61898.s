// LLVM 61898: assembly in a leaf pushed the flags over a value that was kept in the red zone.
//
// convention: sysv
// judge: foreign
// expect: P3, rbx, slot cfa-16
    .intel_syntax noprefix
faulty:
    mov [rsp - 8], rbx
    xor ebx, ebx
    pushfq
    pop rax
    mov rbx, [rsp - 8]
    ret

fixed:
    mov [rsp - 16], rbx
    xor ebx, ebx
    pushfq
    pop rax
    mov rbx, [rsp - 16]
    ret
