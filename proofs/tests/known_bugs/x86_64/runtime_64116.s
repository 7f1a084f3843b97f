// dotnet/runtime 64116: an epilog with two releases is none to Windows: between them its code was taken for the body, and the prolog undone on a half-popped stack.
//
// convention: windows_x64
// judge: foreign
// expect: P10, calls only, before 0013: pop rbx
    .intel_syntax noprefix
faulty:
    .seh_proc faulty
    push rbp
    .seh_pushreg rbp
    sub rsp, 64
    .seh_stackalloc 64
    push rbx
    .seh_pushreg rbx
    sub rsp, 40
    .seh_stackalloc 40
    .seh_endprologue
    mov rbx, rcx
    call rdx
    add rsp, 40
    pop rbx
    add rsp, 64
    pop rbp
    ret
    .seh_endproc

fixed:
    .seh_proc fixed
    push rbp
    .seh_pushreg rbp
    push rbx
    .seh_pushreg rbx
    sub rsp, 104
    .seh_stackalloc 104
    .seh_endprologue
    mov rbx, rcx
    call rdx
    add rsp, 104
    pop rbx
    pop rbp
    ret
    .seh_endproc
