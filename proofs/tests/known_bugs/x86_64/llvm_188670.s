// LLVM 188670: the epilog found SP by way of the register that already held the result.
//
// convention: sysv
// judge: claim
// expect: P7, rax
// frame: sysv.native saved=rbx locals=24 outgoing=0
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
faulty.body:
    mov rbx, rdi
    mov rax, rbx
faulty.epilog:
    lea rax, [rbp - 32]
    mov rsp, rax
    add rsp, 24
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
fixed.body:
    mov rbx, rdi
    mov rax, rbx
fixed.epilog:
    lea rbx, [rbp - 32]
    mov rsp, rbx
    add rsp, 24
    pop rbx
    pop rbp
    ret
