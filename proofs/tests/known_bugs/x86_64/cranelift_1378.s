// Cranelift 1378: the epilog gave back the 40 bytes that were meant, where the prolog had taken the 32 that were encoded.
//
// convention: windows_x64
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    sub rsp, 32
    mov [rsp + 24], rcx
    mov rax, [rsp + 24]
    add rsp, 40
    ret

fixed:
    sub rsp, 40
    mov [rsp + 24], rcx
    mov rax, [rsp + 24]
    add rsp, 40
    ret
