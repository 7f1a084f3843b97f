// LLVM 109279: a shrink-wrapped prolog was not run on the other branch, whose tail call gave its bytes back all the same.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp, at 0014
    .intel_syntax noprefix
faulty:
    test edi, edi
    je 1f
    sub rsp, 40
    mov [rsp], rsi
    call rax
    add rsp, 40
    jmp rcx
1:  add rsp, 40
    jmp rcx

fixed:
    test edi, edi
    je 1f
    sub rsp, 40
    mov [rsp], rsi
    call rax
    add rsp, 40
    jmp rcx
1:  jmp rcx
