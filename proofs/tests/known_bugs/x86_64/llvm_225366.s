// LLVM 225366: the alignment that the locals asked for was overwritten by the usual one, and SP was rounded to that. There on i386.
//
// convention: sysv
// judge: claim
// expect: P5, SP in the body
// frame: sysv.realigned saved=rbx locals=64 outgoing=0
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    and rsp, -16
    sub rsp, 64
faulty.body:
    mov [rsp], rdi
faulty.epilog:
    lea rsp, [rbp - 8]
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    and rsp, -64
    sub rsp, 64
fixed.body:
    mov [rsp], rdi
fixed.epilog:
    lea rsp, [rbp - 8]
    pop rbx
    pop rbp
    ret
