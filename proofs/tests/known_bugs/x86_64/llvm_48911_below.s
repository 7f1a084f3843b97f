// LLVM 48911: in frames of more than 2 GiB offsets were cut to 32 bits, so that what was kept lay below SP.
//
// convention: sysv
// judge: foreign
// expect: P3, rbx
    .intel_syntax noprefix
faulty:
    movabs rax, 4295999872
    sub rsp, rax
    mov [rsp - 256], rbx
    xor ebx, ebx
    mov rbx, [rsp - 256]
    movabs rax, 4295999872
    add rsp, rax
    ret

fixed:
    movabs rax, 4295999872
    sub rsp, rax
    movabs rcx, 4294967040
    mov [rsp + rcx], rbx
    xor ebx, ebx
    mov rbx, [rsp + rcx]
    movabs rax, 4295999872
    add rsp, rax
    ret
