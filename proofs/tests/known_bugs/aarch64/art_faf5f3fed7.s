// ART faf5f3fed7: a constant of 160 was written in one byte of a number that has seven bits a byte; its reader went on into the next instruction.
//
// convention: aapcs64
// judge: foreign
// expect: P10, malformed
faulty:
    .cfi_startproc
    sub x9, sp, #160
    sub sp, sp, #176
    .cfi_def_cfa_offset 176
    str x9, [sp]
    .cfi_escape 0x0f, 5, 0x8f, 0, 0x06, 0x23, 0xa0
    mov x0, x1
    add sp, sp, #176
    .cfi_def_cfa sp, 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub x9, sp, #160
    sub sp, sp, #176
    .cfi_def_cfa_offset 176
    str x9, [sp]
    .cfi_escape 0x0f, 6, 0x8f, 0, 0x06, 0x23, 0xa0, 0x01
    mov x0, x1
    add sp, sp, #176
    .cfi_def_cfa sp, 0
    ret
    .cfi_endproc
