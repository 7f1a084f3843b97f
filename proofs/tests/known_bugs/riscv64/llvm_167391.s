// LLVM 167391: a frame too large for one step was made in two, and told of after the second.
//
// convention: lp64d
// judge: foreign
// expect: P10, CFA by the row, before 0004
faulty:
    .cfi_startproc
    addi sp, sp, -2032
    addi sp, sp, -1040
    .cfi_def_cfa_offset 3072
    sd a0, 8(sp)
    ld a0, 8(sp)
    addi sp, sp, 1040
    .cfi_def_cfa_offset 2032
    addi sp, sp, 2032
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    addi sp, sp, -2032
    .cfi_def_cfa_offset 2032
    addi sp, sp, -1040
    .cfi_def_cfa_offset 3072
    sd a0, 8(sp)
    ld a0, 8(sp)
    addi sp, sp, 1040
    .cfi_def_cfa_offset 2032
    addi sp, sp, 2032
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
