// dotnet/runtime 100962: the second step of a large frame is not told of, since the CFA is found from FP then; the first step of its epilog is.
//
// convention: lp64d_loongarch
// judge: foreign
// unwinding: proven
accepted:
    .cfi_startproc
    addi.d $sp, $sp, -32
    .cfi_def_cfa_offset 32
    st.d $fp, $sp, 16
    .cfi_offset 22, -16
    st.d $ra, $sp, 24
    .cfi_offset 1, -8
    addi.d $fp, $sp, 16
    .cfi_def_cfa 22, 16
    lu12i.w $t0, 1
    sub.d $sp, $sp, $t0
    jirl $ra, $a1, 0
    lu12i.w $t0, 1
    add.d $sp, $sp, $t0
    .cfi_def_cfa 3, 32
    ld.d $ra, $sp, 24
    .cfi_restore 1
    ld.d $fp, $sp, 16
    .cfi_restore 22
    addi.d $sp, $sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
