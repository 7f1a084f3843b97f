// LLVM 48911: the size of a frame beyond 2 GiB was described modulo 32 bits.
//
// convention: sysv
// judge: foreign
// expect: P10, CFA by the row, rsp+1032584
    .intel_syntax noprefix
faulty:
    .cfi_startproc
    movabs rax, 4295999872
    sub rsp, rax
    .cfi_def_cfa_offset 1032584
    mov [rsp + 8], rdi
    movabs rax, 4295999872
    add rsp, rax
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    movabs rax, 4295999872
    sub rsp, rax
    .cfi_escape 0x0e, 0x88, 0x83, 0xbf, 0x80, 0x10
    mov [rsp + 8], rdi
    movabs rax, 4295999872
    add rsp, rax
    .cfi_def_cfa_offset 8
    ret
    .cfi_endproc
