// Chromium 395659804: code was entered from a frame of another size than it had been compiled for: seven slots in place of nine.
//
// convention: sysv
// judge: pair
// expect: P12, tier-0, total frame size
// transition: ryujit
// callee-saves: rbp
// slots: -48
// patchpoint: 7
// faulty.frame-bytes: 104
// fixed.frame-bytes: 88
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
