// dotnet/runtime 65609: System V's list of callee saves is without rbp, and so the first OSR epilog was, too.
//
// convention: sysv
// judge: pair
// expect: P1, OSR method, rsp
// transition: ryujit
// frame-bytes: 88
// callee-saves: rbp
// slots: -48
// patchpoint: 7
    .intel_syntax noprefix
source.tier0:
    push rbp
    sub rsp, 80
    lea rbp, [rsp + 80]
    test esi, esi
    je 1f
    lea rdi, [rbp - 48]
    mov esi, 7
    call rdx
    jmp rax
1:  add rsp, 80
    pop rbp
    ret

faulty.osr:
    push rax
    sub rsp, 32
    mov [rsp + 112], rbx
    mov rbx, rdx
    add rsp, 112
    pop rbx
    ret

fixed.osr:
    push rax
    sub rsp, 32
    mov [rsp + 112], rbx
    mov rbx, rdx
    add rsp, 112
    pop rbx
    pop rbp
    ret
