// dotnet/runtime 66238: eight bytes are allocated by a push, and given back by popping them into a register that nobody wants.
//
// convention: windows_x64
// judge: foreign
accepted:
    .intel_syntax noprefix
    push rbx
    push rcx
    mov rbx, rdx
    sub rsp, 40
    call r8
    add rsp, 40
    mov rax, rbx
    pop rcx
    pop rbx
    ret
