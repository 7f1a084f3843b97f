// Wasmtime 8402: a save of a vector register was rounded up to 16 after its place had been noted.
//
// convention: windows_x64
// judge: foreign
// expect: P10, xmm6 by the row, call r8
    .intel_syntax noprefix
faulty:
    .seh_proc faulty
    push rbx
    .seh_pushreg rbx
    sub rsp, 64
    .seh_stackalloc 64
    movaps [rsp + 48], xmm6
    .seh_savexmm xmm6, 32
    .seh_endprologue
    movq xmm6, rcx
    mov rbx, rdx
    call r8
    movaps xmm6, [rsp + 48]
    add rsp, 64
    pop rbx
    ret
    .seh_endproc

fixed:
    .seh_proc fixed
    push rbx
    .seh_pushreg rbx
    sub rsp, 64
    .seh_stackalloc 64
    movaps [rsp + 48], xmm6
    .seh_savexmm xmm6, 48
    .seh_endprologue
    movq xmm6, rcx
    mov rbx, rdx
    call r8
    movaps xmm6, [rsp + 48]
    add rsp, 64
    pop rbx
    ret
    .seh_endproc
