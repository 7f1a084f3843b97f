// LuaJIT c5f4f607: a vector register was spilled with the high bit of its number missing, which is another register.
//
// convention: windows_x64
// judge: foreign
// expect: P3, xmm14
    .intel_syntax noprefix
faulty:
    sub rsp, 24
    movaps [rsp], xmm6
    movq xmm14, rcx
    movaps xmm6, [rsp]
    add rsp, 24
    ret

fixed:
    sub rsp, 24
    movaps [rsp], xmm14
    movq xmm14, rcx
    movaps xmm14, [rsp]
    add rsp, 24
    ret
