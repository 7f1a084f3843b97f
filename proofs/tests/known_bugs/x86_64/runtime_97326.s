// dotnet/runtime 97326: a transition frame did not keep xmm6 and up; a caller lost the zero vector that it had there.
//
// convention: windows_x64
// judge: foreign
// expect: P3, xmm7
    .intel_syntax noprefix
faulty:
    push rsi
    sub rsp, 48
    movaps [rsp + 32], xmm6
    movq xmm6, rcx
    movq xmm7, rdx
    call rax
    movaps xmm6, [rsp + 32]
    add rsp, 48
    pop rsi
    ret

fixed:
    push rsi
    sub rsp, 64
    movaps [rsp + 32], xmm6
    movaps [rsp + 48], xmm7
    movq xmm6, rcx
    movq xmm7, rdx
    call rax
    movaps xmm6, [rsp + 32]
    movaps xmm7, [rsp + 48]
    add rsp, 64
    pop rsi
    ret
