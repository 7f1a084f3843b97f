// Cranelift 1366: the list of callee saves was that of another system: under Windows xmm6 and up were clobbered.
//
// convention: windows_x64
// judge: foreign
// expect: P3, xmm6
    .intel_syntax noprefix
faulty:
    xorps xmm6, xmm6
    addps xmm0, xmm6
    ret

fixed:
    sub rsp, 24
    movaps [rsp], xmm6
    xorps xmm6, xmm6
    addps xmm0, xmm6
    movaps xmm6, [rsp]
    add rsp, 24
    ret
