// LuaJIT 1016: a stack check at the head of a trace took a register that still carried a value of its parent.
//
// convention: sysv
// judge: claim
// expect: P7, rsi
// frame: sysv.native saved=rbx locals=24 outgoing=0
    .intel_syntax noprefix
faulty:
    mov rsi, [rdi + 16]
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
faulty.body:
    mov rbx, rsi
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
    mov rbx, rsi
fixed.epilog:
    add rsp, 24
    pop rbx
    pop rbp
    ret
