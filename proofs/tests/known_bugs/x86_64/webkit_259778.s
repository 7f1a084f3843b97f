// WebKit 259778: room for saved registers was made with four bytes each, and they were stored eight bytes apart.
//
// convention: sysv
// judge: foreign
// expect: P2, return address
    .intel_syntax noprefix
faulty:
    sub rsp, 16
    mov [rsp], rbx
    mov [rsp + 8], r12
    mov [rsp + 16], r13
    mov [rsp + 24], r14
    xor ebx, ebx
    xor r12d, r12d
    xor r13d, r13d
    xor r14d, r14d
    mov rbx, [rsp]
    mov r12, [rsp + 8]
    mov r13, [rsp + 16]
    mov r14, [rsp + 24]
    add rsp, 16
    ret

fixed:
    sub rsp, 32
    mov [rsp], rbx
    mov [rsp + 8], r12
    mov [rsp + 16], r13
    mov [rsp + 24], r14
    xor ebx, ebx
    xor r12d, r12d
    xor r13d, r13d
    xor r14d, r14d
    mov rbx, [rsp]
    mov r12, [rsp + 8]
    mov r13, [rsp + 16]
    mov r14, [rsp + 24]
    add rsp, 32
    ret
