// dotnet/runtime 54357: a frame of changing size was described without its frame register, so that unwinders counted from an SP that nobody knew.
//
// convention: windows_x64
// judge: claim
// expect: P10, CFA by the unwinding row
// frame: windows_x64.dynamic saved=rsi locals=0 outgoing=32
    .intel_syntax noprefix
faulty:
    .seh_proc faulty
    push rbp
    .seh_pushreg rbp
    push rsi
    .seh_pushreg rsi
    sub rsp, 40
    .seh_stackalloc 40
    lea rbp, [rsp + 48]
    .seh_endprologue
faulty.body:
    mov rsi, rcx
    and edx, 2032
    sub rsp, rdx
    call r8
faulty.epilog:
    lea rsp, [rbp - 8]
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
    lea rbp, [rsp + 48]
    .seh_setframe rbp, 48
    .seh_endprologue
fixed.body:
    mov rsi, rcx
    and edx, 2032
    sub rsp, rdx
    call r8
fixed.epilog:
    lea rsp, [rbp - 8]
    pop rsi
    pop rbp
    ret
    .seh_endproc
