// Chromium 662830: a handler was resumed with the arguments of the call that threw still on the stack.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P1, sp, first wrong
faulty:
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    addi.d $fp, $sp, 32
    addi.d $sp, $sp, -16
    st.d $a0, $sp, 0
    jirl $ra, $a1, 0
    addi.d $sp, $fp, -48
    ld.d $ra, $sp, 24
    ld.d $fp, $sp, 16
    addi.d $sp, $sp, 32
    ret

fixed:
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    addi.d $fp, $sp, 32
    addi.d $sp, $sp, -16
    st.d $a0, $sp, 0
    jirl $ra, $a1, 0
    addi.d $sp, $fp, -32
    ld.d $ra, $sp, 24
    ld.d $fp, $sp, 16
    addi.d $sp, $sp, 32
    ret
