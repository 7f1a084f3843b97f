// ClangBuiltLinux 351: a loop's back edge led to the function's first byte, so that the prolog ran again with the frame in place.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
1:  sub rsp, 56
    call rax
    test eax, eax
    jne 1b
    add rsp, 56
    ret

fixed:
    sub rsp, 56
1:  call rax
    test eax, eax
    jne 1b
    add rsp, 56
    ret
