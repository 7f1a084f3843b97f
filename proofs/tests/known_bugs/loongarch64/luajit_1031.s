// LuaJIT 1031: a check at the head of a trace used a register that was still to be read. Here an argument.
//
// convention: lp64d_loongarch
// judge: claim
// expect: P7, a1
// frame: lp64d_loongarch.native saved=s0 locals=24 outgoing=0
faulty:
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 32
    st.d $fp, $sp, 24
    st.d $s0, $sp, 40
    addi.d $fp, $sp, 24
    ld.d $a1, $a0, 16
faulty.body:
    move $s0, $a1
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
    move $s0, $a1
fixed.epilog:
    ld.d $s0, $sp, 40
    ld.d $ra, $sp, 32
    ld.d $fp, $sp, 24
    addi.d $sp, $sp, 48
    ret
