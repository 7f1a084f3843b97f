// glibc BZ 9893: a result in the frame of an audit trampoline was at 8 mod 16, and was written by aligned moves.
//
// convention: sysv
// judge: foreign
// expect: P5, the operand's address, at 000d
    .intel_syntax noprefix
faulty:
    push rbx
    sub rsp, 48
    lea rbx, [rsp + 8]
    xorps xmm0, xmm0
    movaps [rbx], xmm0
    movaps [rbx + 16], xmm0
    call rax
    add rsp, 48
    pop rbx
    ret

fixed:
    push rbx
    sub rsp, 48
    lea rbx, [rsp + 16]
    xorps xmm0, xmm0
    movaps [rbx], xmm0
    movaps [rbx + 16], xmm0
    call rax
    add rsp, 48
    pop rbx
    ret
