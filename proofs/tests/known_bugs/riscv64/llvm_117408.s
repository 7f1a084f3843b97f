// LLVM 117408: the area that a push instruction takes was counted twice in the description of what was saved below it.
//
// convention: lp64d
// judge: foreign
// expect: P10, s1 by the row, s1 [cfa-32]
faulty:
    .cfi_startproc
    addi sp, sp, -32
    .cfi_def_cfa_offset 32
    sd ra, 24(sp)
    .cfi_offset ra, -8
    sd s1, 16(sp)
    .cfi_offset s1, -32
    addi sp, sp, -32
    .cfi_def_cfa_offset 64
    mv s1, a0
    jalr ra, a1
    addi sp, sp, 32
    .cfi_def_cfa_offset 32
    ld s1, 16(sp)
    .cfi_restore s1
    ld ra, 24(sp)
    .cfi_restore ra
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    addi sp, sp, -32
    .cfi_def_cfa_offset 32
    sd ra, 24(sp)
    .cfi_offset ra, -8
    sd s1, 16(sp)
    .cfi_offset s1, -16
    addi sp, sp, -32
    .cfi_def_cfa_offset 64
    mv s1, a0
    jalr ra, a1
    addi sp, sp, 32
    .cfi_def_cfa_offset 32
    ld s1, 16(sp)
    .cfi_restore s1
    ld ra, 24(sp)
    .cfi_restore ra
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
