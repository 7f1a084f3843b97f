// dgryski/go-metro 9: a hash function in assembly used rbp as scratch and never gave it back.
//
// convention: sysv
// judge: foreign
// expect: P3, rbp
    .intel_syntax noprefix
faulty:
    mov rbp, [rdi]
    imul rbp, rsi
    mov rax, rbp
    ret

fixed:
    push rbp
    mov rbp, [rdi]
    imul rbp, rsi
    mov rax, rbp
    pop rbp
    ret
