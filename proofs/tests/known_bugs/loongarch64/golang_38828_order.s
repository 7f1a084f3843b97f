// golang 38828: with SP lowered first, the tables say that the return address is in the frame one instruction before it is.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P10, calls only, return address by the row, before 0004
faulty:
    .cfi_startproc
    addi.d $sp, $sp, -32
    .cfi_def_cfa_offset 32
    .cfi_offset 1, -32
    st.d $ra, $sp, 0
    jirl $ra, $t1, 0
    ld.d $ra, $sp, 0
    .cfi_restore 1
    addi.d $sp, $sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    addi.d $sp, $sp, -32
    .cfi_def_cfa_offset 32
    st.d $ra, $sp, 0
    .cfi_offset 1, -32
    jirl $ra, $t1, 0
    ld.d $ra, $sp, 0
    .cfi_restore 1
    addi.d $sp, $sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
