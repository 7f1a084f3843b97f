// ART nterp: on the way into another frame a callee-saved register is used freely, since its entry value lies in the saves that are taken over.
//
// convention: sysv
// judge: foreign
accepted:
    .intel_syntax noprefix
    push rbx
    push rbp
    push r12
    sub rsp, 128
    mov rbx, [rdi]
    mov rbp, rsp
    mov [rsp + 8], rsi
    call rdx
    mov rsp, rbp
    mov rcx, rbx
    add rsp, 128
    pop r12
    pop rbp
    pop rbx
    jmp rcx
