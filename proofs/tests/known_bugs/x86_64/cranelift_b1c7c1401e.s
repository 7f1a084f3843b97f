// Cranelift b1c7c1401e: the far form of a vector register's save holds its offset as it is, and was given a sixteenth of it.
//
// convention: windows_x64
// judge: foreign
// expect: P10, xmm6 by the row
    .intel_syntax noprefix
faulty:
    sub rsp, 0x200008
    movaps [rsp + 0x100010], xmm6
    movq xmm6, rcx
    call rdx
    movaps xmm6, [rsp + 0x100010]
    add rsp, 0x200008
    ret

fixed:
    sub rsp, 0x200008
    movaps [rsp + 0x100010], xmm6
    movq xmm6, rcx
    call rdx
    movaps xmm6, [rsp + 0x100010]
    add rsp, 0x200008
    ret
.Lend:

    .section .xdata, "dr"
    .p2align 2
.Lwrong:
    .byte 1, 15, 6, 0, 15, 0x69
    .long 0x10001
    .byte 7, 0x11
    .long 0x200008
.Lright:
    .byte 1, 15, 6, 0, 15, 0x69
    .long 0x100010
    .byte 7, 0x11
    .long 0x200008

    .section .pdata, "dr"
    .p2align 2
    .rva faulty, fixed, .Lwrong, fixed, .Lend, .Lright
