// dotnet/runtime 100962: a frame pointer is the address of the pair that it was saved in, below the other saves.
//
// convention: lp64d_loongarch
// judge: foreign
accepted:
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    st.d $s0, $sp, 32
    addi.d $fp, $sp, 16
    move $s0, $a0
    jirl $ra, $a1, 0
    move $a0, $s0
    ld.d $s0, $fp, 16
    ld.d $ra, $fp, 8
    ld.d $fp, $fp, 0
    addi.d $sp, $sp, 48
    ret
