// WebKit 297899: eight bytes were pushed and sixteen popped, where one of two moves had been dropped from a pair.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    push rdi
    mov rax, [rsp]
    add rsp, 16
    ret

fixed:
    push rdi
    mov rax, [rsp]
    add rsp, 8
    ret
