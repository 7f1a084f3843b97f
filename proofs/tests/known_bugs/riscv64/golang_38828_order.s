// golang 38828: with SP lowered first, the tables say that the return address is in the frame one instruction before it is.
//
// convention: lp64d
// judge: foreign
// expect: P10, calls only, return address by the row, before 0002
faulty:
    .cfi_startproc
    addi sp, sp, -32
    .cfi_def_cfa_offset 32
    .cfi_offset ra, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    jalr ra, t1
    ld ra, 0(sp)
    .cfi_restore ra
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    addi sp, sp, -32
    .cfi_def_cfa_offset 32
    sd ra, 0(sp)
    .cfi_offset ra, -32
    sd s0, 8(sp)
    jalr ra, t1
    ld ra, 0(sp)
    .cfi_restore ra
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
