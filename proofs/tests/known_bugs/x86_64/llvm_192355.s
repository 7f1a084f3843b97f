// LLVM 192355: the loop that probes compared addresses as signed numbers, and left too early where they are large. There on i386.
//
// convention: sysv
// judge: claim
// expect: P14, SP in the body, cfa-4128
// frame: sysv.probed saved=rbx locals=24584 outgoing=0
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    lea r11, [rsp - 24576]
1:  sub rsp, 4096
    test [rsp], r11
    cmp rsp, r11
    jg 1b
    sub rsp, 8
faulty.body:
    mov rbx, rdi
faulty.epilog:
    add rsp, 24584
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    lea r11, [rsp - 24576]
1:  sub rsp, 4096
    test [rsp], r11
    cmp rsp, r11
    jne 1b
    sub rsp, 8
fixed.body:
    mov rbx, rdi
fixed.epilog:
    add rsp, 24584
    pop rbx
    pop rbp
    ret
