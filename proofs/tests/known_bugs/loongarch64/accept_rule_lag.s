// LLVM LoongArchFrameLowering: where registers are saved is told when all are, for until one is written it still holds its value.
//
// convention: lp64d_loongarch
// judge: foreign
// unwinding: proven
accepted:
    .cfi_startproc
    addi.d $sp, $sp, -32
    .cfi_def_cfa_offset 32
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    st.d $s0, $sp, 8
    .cfi_offset 1, -8
    .cfi_offset 22, -16
    .cfi_offset 23, -24
    addi.d $fp, $sp, 32
    .cfi_def_cfa 22, 0
    move $s0, $a0
    jirl $ra, $a1, 0
    ld.d $s0, $sp, 8
    .cfi_restore 23
    ld.d $fp, $sp, 16
    .cfi_restore 22
    .cfi_def_cfa 3, 32
    ld.d $ra, $sp, 24
    .cfi_restore 1
    addi.d $sp, $sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
