// ClangBuiltLinux 351: a return with the frame still allocated, at the end of one of the paths.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp, at 0013
    .intel_syntax noprefix
faulty:
    push rbx
    sub rsp, 48
    mov ebx, edi
    call rax
    test ebx, ebx
    je 1f
    add rsp, 48
    pop rbx
    ret
1:  ret

fixed:
    push rbx
    sub rsp, 48
    mov ebx, edi
    call rax
    test ebx, ebx
    je 1f
1:  add rsp, 48
    pop rbx
    ret
