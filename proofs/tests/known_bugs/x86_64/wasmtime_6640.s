// Wasmtime 6640: the loop that probes a large frame counted in r11, in a convention that passes values in it.
//
// convention: sysv
// judge: claim
// expect: P13, r11
// frame: sysv.native saved=rbx locals=24 outgoing=0
    .intel_syntax noprefix
faulty:
    mov r11, rsp
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 24
faulty.body:
    mov rbx, rdi
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
fixed.epilog:
    add rsp, 24
    pop rbx
    pop rbp
    ret
