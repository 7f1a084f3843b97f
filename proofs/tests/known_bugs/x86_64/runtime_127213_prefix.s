// dotnet/runtime 127213 (review): tier-0 left by a jump with a REX.W prefix, by which Windows knows the end of an epilog.
//
// convention: windows_x64
// judge: pair
// expect: P10, calls only, tier-0, before 001e: jmp rax
// transition: ryujit
// frame-bytes: 120
// callee-saves: rbp rsi
// slots: -24
// patchpoint: 7
    .intel_syntax noprefix
faulty.tier0:
    .seh_proc faulty.tier0
    push rbp
    .seh_pushreg rbp
    push rsi
    .seh_pushreg rsi
    sub rsp, 104
    .seh_stackalloc 104
    .seh_endprologue
    lea rbp, [rsp + 112]
    test edx, edx
    je 1f
    mov rsi, rcx
    lea rcx, [rbp - 24]
    mov edx, 7
    call r8
    .byte 0x48
    jmp rax
1:  add rsp, 104
    pop rsi
    pop rbp
    ret
    .seh_endproc

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
    .seh_proc fixed.tier0
    push rbp
    .seh_pushreg rbp
    push rsi
    .seh_pushreg rsi
    sub rsp, 104
    .seh_stackalloc 104
    .seh_endprologue
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
    .seh_endproc

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
