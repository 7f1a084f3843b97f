// LLVM 64330: the saves of a push instruction were described in the order of the library's. Here in the stores that it stands for.
//
// convention: lp64d
// judge: foreign
// expect: P10, return address by the row, c.jalr a1
faulty:
    .cfi_startproc
    addi sp, sp, -16
    .cfi_def_cfa_offset 16
    sd s0, 8(sp)
    sd ra, 0(sp)
    .cfi_offset ra, -8
    .cfi_offset s0, -16
    mv s0, a0
    jalr ra, a1
    mv a0, s0
    ld ra, 0(sp)
    ld s0, 8(sp)
    .cfi_restore ra
    .cfi_restore s0
    addi sp, sp, 16
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    addi sp, sp, -16
    .cfi_def_cfa_offset 16
    sd s0, 8(sp)
    sd ra, 0(sp)
    .cfi_offset ra, -16
    .cfi_offset s0, -8
    mv s0, a0
    jalr ra, a1
    mv a0, s0
    ld ra, 0(sp)
    ld s0, 8(sp)
    .cfi_restore ra
    .cfi_restore s0
    addi sp, sp, 16
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
