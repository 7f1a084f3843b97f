// JDK-8009761: a caller's last SP still had the room of its callee's locals in it, and SP was not moved back at the return.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P1, sp
faulty:
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 24
    st.d $s0, $sp, 16
    addi.d $sp, $sp, -64
    move $s0, $sp
    jirl $ra, $a0, 0
    move $sp, $s0
    ld.d $s0, $sp, 80
    ld.d $ra, $sp, 88
    addi.d $sp, $sp, 32
    ret

fixed:
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 24
    st.d $s0, $sp, 16
    move $s0, $sp
    addi.d $sp, $sp, -64
    jirl $ra, $a0, 0
    move $sp, $s0
    ld.d $s0, $sp, 16
    ld.d $ra, $sp, 24
    addi.d $sp, $sp, 32
    ret
