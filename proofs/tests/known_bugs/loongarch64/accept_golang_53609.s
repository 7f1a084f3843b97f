// golang 53609: the return address is stored below SP on purpose, for whoever unwinds between, and again when SP is lower.
//
// convention: lp64d_loongarch
// judge: foreign
accepted:
    st.d $ra, $sp, -64
    addi.d $sp, $sp, -64
    st.d $ra, $sp, 0
    jirl $ra, $a0, 0
    ld.d $ra, $sp, 0
    addi.d $sp, $sp, 64
    ret
