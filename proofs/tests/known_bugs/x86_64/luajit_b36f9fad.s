// LuaJIT b36f9fad: the places of saves in the unwind data were eight bytes off those in the frame.
//
// convention: windows_x64
// judge: foreign
// expect: P10, rbx by the row, call rdx
    .intel_syntax noprefix
faulty:
    .seh_proc faulty
    sub rsp, 56
    .seh_stackalloc 56
    mov [rsp + 48], rbx
    .seh_savereg rbx, 40
    .seh_endprologue
    mov rbx, rcx
    call rdx
    mov rax, rbx
    mov rbx, [rsp + 48]
    add rsp, 56
    ret
    .seh_endproc

fixed:
    .seh_proc fixed
    sub rsp, 56
    .seh_stackalloc 56
    mov [rsp + 48], rbx
    .seh_savereg rbx, 48
    .seh_endprologue
    mov rbx, rcx
    call rdx
    mov rax, rbx
    mov rbx, [rsp + 48]
    add rsp, 56
    ret
    .seh_endproc
