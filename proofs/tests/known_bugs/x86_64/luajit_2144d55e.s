// LuaJIT 2144d55e: compiled traces used registers that the interpreter, whose exit they took, had never saved.
//
// convention: sysv
// judge: foreign
// expect: P3, r12
    .intel_syntax noprefix
faulty:
    push rbp
    push r15
    push r14
    push rbx
    sub rsp, 8
    mov r12, [rdi]
    mov r14, [rdi + 8]
    lea rax, [r12 + r14]
    add rsp, 8
    pop rbx
    pop r14
    pop r15
    pop rbp
    ret

fixed:
    push rbp
    push r15
    push r14
    push rbx
    sub rsp, 24
    mov [rsp + 8], r12
    mov r12, [rdi]
    mov r14, [rdi + 8]
    lea rax, [r12 + r14]
    mov r12, [rsp + 8]
    add rsp, 24
    pop rbx
    pop r14
    pop r15
    pop rbp
    ret
