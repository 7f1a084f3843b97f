// V8 1407: a spill index of 64 became -64 in seven signed bits: a store to the caller's arguments.
//
// convention: sysv
// judge: claim
// expect: P8, cfa+496
// frame: sysv.native saved=rbx locals=552 outgoing=0
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 552
faulty.body:
    mov [rbp + 512], rdi
faulty.epilog:
    add rsp, 552
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 552
fixed.body:
    mov [rbp - 520], rdi
fixed.epilog:
    add rsp, 552
    pop rbx
    pop rbp
    ret
