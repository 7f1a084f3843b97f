// ClangBuiltLinux 336: an epilog was put on another path than that of a sibling call, which left with the frame in place.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    push rbx
    mov ebx, edi
    call rax
    test ebx, ebx
    jne 1f
    pop rbx
    ret
1:  xor edi, edi
    jmp rcx

fixed:
    push rbx
    mov ebx, edi
    call rax
    test ebx, ebx
    jne 1f
    pop rbx
    ret
1:  xor edi, edi
    pop rbx
    jmp rcx
