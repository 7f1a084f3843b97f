// WebKit 313090: half of the slots were counted, and stores to the others went past the locals.
//
// convention: lp64d_loongarch
// judge: claim
// expect: P8
// frame: lp64d_loongarch.native saved=s0 locals=24 outgoing=0
faulty:
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 32
    st.d $fp, $sp, 24
    st.d $s0, $sp, 40
    addi.d $fp, $sp, 24
faulty.body:
    st.d $a0, $sp, 24
faulty.epilog:
    ld.d $s0, $sp, 40
    ld.d $ra, $sp, 32
    ld.d $fp, $sp, 24
    addi.d $sp, $sp, 48
    ret

fixed:
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 32
    st.d $fp, $sp, 24
    st.d $s0, $sp, 40
    addi.d $fp, $sp, 24
fixed.body:
    st.d $a0, $sp, 16
fixed.epilog:
    ld.d $s0, $sp, 40
    ld.d $ra, $sp, 32
    ld.d $fp, $sp, 24
    addi.d $sp, $sp, 48
    ret
