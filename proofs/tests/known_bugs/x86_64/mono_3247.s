// mono 3247: a transition frame kept the callee saves of System V only, and under Windows rsi came back as something else.
//
// convention: windows_x64
// judge: foreign
// expect: P3, rsi
    .intel_syntax noprefix
faulty:
    push rbx
    push rbp
    push r12
    sub rsp, 32
    xor esi, esi
    mov rbx, rcx
    call rdx
    add rsp, 32
    pop r12
    pop rbp
    pop rbx
    ret

fixed:
    push rbx
    push rbp
    push rsi
    sub rsp, 32
    xor esi, esi
    mov rbx, rcx
    call rdx
    add rsp, 32
    pop rsi
    pop rbp
    pop rbx
    ret
