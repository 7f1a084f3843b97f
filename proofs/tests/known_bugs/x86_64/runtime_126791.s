// dotnet/runtime 126791 (review): a special slot that the method does not have was left at offset 0, where the caller's rbp is.
//
// convention: sysv
// judge: pair
// expect: P12, tier-0, generic context
// transition: ryujit
// callee-saves: rbp
// slots: -48
// patchpoint: 7
// frame-bytes: 88
// faulty.generic-context: 0
// fixed.generic-context: -56
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
    pop rbp
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
