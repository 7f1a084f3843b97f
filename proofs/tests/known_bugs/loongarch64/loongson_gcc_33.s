// loongson/gcc 33: a probe of a frame of 2400 bytes looped until a register equalled one that it had passed in the first round.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P9
faulty:
    move $t1, $sp
    move $t0, $t1
1:  addi.d $t1, $t1, -2048
    addi.d $t1, $t1, -2048
    st.d $zero, $t1, 0
    bne $t1, $t0, 1b
    addi.d $sp, $sp, -1200
    addi.d $sp, $sp, -1200
    addi.d $sp, $sp, 1200
    addi.d $sp, $sp, 1200
    ret

fixed:
    addi.d $sp, $sp, -1200
    addi.d $sp, $sp, -1200
    st.d $zero, $sp, 0
    addi.d $sp, $sp, 1200
    addi.d $sp, $sp, 1200
    ret
