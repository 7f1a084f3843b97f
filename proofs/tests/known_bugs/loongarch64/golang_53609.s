// golang 53609: the link register was stored below SP before SP was lowered, on every machine that has one.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P6, ra (slot cfa-32), first wrong at 0000
faulty:
    st.d $ra, $sp, -32
    addi.d $sp, $sp, -32
    jirl $ra, $t1, 0
    ld.d $ra, $sp, 0
    addi.d $sp, $sp, 32
    ret

fixed:
    st.d $ra, $sp, -32
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 0
    jirl $ra, $t1, 0
    ld.d $ra, $sp, 0
    addi.d $sp, $sp, 32
    ret
