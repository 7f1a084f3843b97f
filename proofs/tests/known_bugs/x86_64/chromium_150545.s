// Chromium 150545: the pushed arguments of an inlined call were dropped on one of the ways back only.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    push rdi
    push rsi
    test edx, edx
    je 1f
    mov rax, [rsp]
    add rsp, 16
    jmp 2f
1:  xor eax, eax
2:  ret

fixed:
    push rdi
    push rsi
    test edx, edx
    je 1f
    mov rax, [rsp]
    add rsp, 16
    jmp 2f
1:  xor eax, eax
    add rsp, 16
2:  ret
