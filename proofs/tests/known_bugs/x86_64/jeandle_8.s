// jeandle-llvm 8: a call's result was kept in rbp, and an epilog that had been moved up gave rbp back before it was used.
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
    call rsi
    mov rbp, rax
faulty.epilog:
    add rsp, 24
    pop rbx
    pop rbp
    mov rax, rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
fixed.body:
    mov rbx, rdi
    call rsi
    mov rbp, rax
    mov rax, rbp
fixed.epilog:
    add rsp, 24
    pop rbx
    pop rbp
    ret
