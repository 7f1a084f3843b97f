// Wasmtime 12148: of vector registers the low halves only were kept, as another convention would have it. Here on Windows.
//
// convention: windows_x64
// judge: foreign
// expect: P3, xmm6
    .intel_syntax noprefix
faulty:
    sub rsp, 24
    movsd [rsp], xmm6
    movaps xmm6, xmm0
    movsd xmm6, [rsp]
    add rsp, 24
    ret

fixed:
    sub rsp, 24
    movaps [rsp], xmm6
    movaps xmm6, xmm0
    movaps xmm6, [rsp]
    add rsp, 24
    ret
