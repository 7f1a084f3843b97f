// openzfs 9394: assembly used rbp as scratch: inside it the chain of frames leads nowhere.
//
// convention: sysv
// judge: claim
// expect: P4, FP
// frame: sysv.native saved=rbx locals=24 outgoing=0
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
faulty.body:
    mov rbx, rbp
    mov rbp, rdi
    call rax
    mov rbp, rbx
faulty.epilog:
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
    call rax
fixed.epilog:
    add rsp, 24
    pop rbx
    pop rbp
    ret
