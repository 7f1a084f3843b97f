// loongson/gcc 33: a probe of a frame of 2400 bytes looped until SP equalled an address that it had passed in the first round.
//
// convention: lp64d_loongarch
// judge: claim
// expect: P9, st.d $t0, cfa-8208
// frame: lp64d_loongarch.probed saved= locals=2384 outgoing=0
faulty:
    addi.d $sp, $sp, -16
    st.d $ra, $sp, 8
    st.d $fp, $sp, 0
    move $fp, $sp
    move $t0, $sp
    lu12i.w $t1, 1
1:  sub.d $sp, $sp, $t1
    st.d $t0, $sp, 0
    bne $sp, $t0, 1b
    ori $t0, $zero, 2384
    sub.d $sp, $sp, $t0
    st.d $t0, $sp, 0
faulty.body:
    st.d $a0, $sp, 0
faulty.epilog:
    move $sp, $fp
    ld.d $ra, $sp, 8
    ld.d $fp, $sp, 0
    addi.d $sp, $sp, 16
    ret

fixed:
    addi.d $sp, $sp, -16
    st.d $ra, $sp, 8
    st.d $fp, $sp, 0
    move $fp, $sp
    ori $t0, $zero, 2384
    sub.d $sp, $sp, $t0
    st.d $t0, $sp, 0
fixed.body:
    st.d $a0, $sp, 0
fixed.epilog:
    move $sp, $fp
    ld.d $ra, $sp, 8
    ld.d $fp, $sp, 0
    addi.d $sp, $sp, 16
    ret
