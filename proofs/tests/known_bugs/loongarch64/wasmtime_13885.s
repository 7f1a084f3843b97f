// Wasmtime 13885: the switch between fibers stored all registers below SP, and only then lowered it.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P6, ra (slot cfa-8), first wrong at 0000
faulty:
    st.d $ra, $sp, -8
    st.d $fp, $sp, -16
    fst.d $fs7, $sp, -24
    addi.d $sp, $sp, -32
    move $fp, $a0
    movgr2fr.d $fs7, $a1
    jirl $ra, $a2, 0
    fld.d $fs7, $sp, 8
    ld.d $fp, $sp, 16
    ld.d $ra, $sp, 24
    addi.d $sp, $sp, 32
    ret

fixed:
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    fst.d $fs7, $sp, 8
    move $fp, $a0
    movgr2fr.d $fs7, $a1
    jirl $ra, $a2, 0
    fld.d $fs7, $sp, 8
    ld.d $fp, $sp, 16
    ld.d $ra, $sp, 24
    addi.d $sp, $sp, 32
    ret
