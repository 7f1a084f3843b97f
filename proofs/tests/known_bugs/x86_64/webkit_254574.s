// WebKit 254574: code was resumed one instruction off the one that it was left for.
//
// convention: sysv
// judge: claim
// expect: P2, resume address
// frame: sysv.tier0 saved=rbx locals=32 outgoing=0
// home: context i64 -64
    .intel_syntax noprefix
faulty:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 72
faulty.body:
    mov [rbp - 48], rdi
    mov ebx, 7
    lea rcx, [rip + faulty.patch]
    xor edx, edx
    mov rax, [rdi + 8]
    call rax
faulty.patch:
    jmp rax
faulty.resume:
faulty.epilog:
    add rsp, 72
    pop rbx
    pop rbp
    ret

fixed:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 72
fixed.body:
    mov [rbp - 48], rdi
    mov ebx, 7
    lea rcx, [rip + fixed.resume]
    xor edx, edx
    mov rax, [rdi + 8]
    call rax
fixed.patch:
    jmp rax
fixed.resume:
fixed.epilog:
    add rsp, 72
    pop rbx
    pop rbp
    ret
