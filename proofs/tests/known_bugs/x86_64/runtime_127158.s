// dotnet/runtime 127158: tier-0 saved xmm6 in its frame, where no OSR epilog looks.
//
// convention: windows_x64
// judge: pair
// expect: P3, OSR method, xmm6
// transition: ryujit
// frame-bytes: 120
// callee-saves: rbp rsi
// slots: -24
// patchpoint: 7
    .intel_syntax noprefix
faulty.tier0:
    push rbp
    push rsi
    sub rsp, 104
    lea rbp, [rsp + 112]
    test edx, edx
    je 1f
    movaps [rsp + 48], xmm6
    movq xmm6, rcx
    mov rsi, rcx
    lea rcx, [rbp - 24]
    mov edx, 7
    call r8
    jmp rax
1:  add rsp, 104
    pop rsi
    pop rbp
    ret

faulty.osr:
    push rax
    sub rsp, 56
    mov [rsp + 160], rdi
    mov rdi, rdx
    mov rsi, rdi
    add rsp, 160
    pop rdi
    pop rsi
    pop rbp
    ret

fixed.tier0:
    push rbp
    push rsi
    sub rsp, 104
    lea rbp, [rsp + 112]
    test edx, edx
    je 1f
    mov rsi, rcx
    lea rcx, [rbp - 24]
    mov edx, 7
    call r8
    jmp rax
1:  add rsp, 104
    pop rsi
    pop rbp
    ret

fixed.osr:
    push rax
    sub rsp, 56
    mov [rsp + 160], rdi
    mov rdi, rdx
    mov rsi, rdi
    add rsp, 160
    pop rdi
    pop rsi
    pop rbp
    ret
