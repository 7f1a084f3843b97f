// dotnet/runtime 54357: a frame of changing size was described without its frame register, so that unwinders counted from an SP that nobody knew.
//
// convention: windows_x64
// judge: foreign
// expect: P10, CFA by the row
    .intel_syntax noprefix
faulty:
    .seh_proc faulty
    push rbp
    .seh_pushreg rbp
    push rsi
    .seh_pushreg rsi
    sub rsp, 40
    .seh_stackalloc 40
    lea rbp, [rsp + 32]
    .seh_endprologue
    mov rsi, rcx
    and edx, 4080
    sub rsp, rdx
    call r8
    lea rsp, [rbp + 8]
    pop rsi
    pop rbp
    ret
    .seh_endproc

fixed:
    .seh_proc fixed
    push rbp
    .seh_pushreg rbp
    push rsi
    .seh_pushreg rsi
    sub rsp, 40
    .seh_stackalloc 40
    lea rbp, [rsp + 32]
    .seh_setframe rbp, 32
    .seh_endprologue
    mov rsi, rcx
    and edx, 4080
    sub rsp, rdx
    call r8
    lea rsp, [rbp + 8]
    pop rsi
    pop rbp
    ret
    .seh_endproc
