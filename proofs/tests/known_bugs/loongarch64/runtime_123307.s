// dotnet/runtime 123307: the OSR method was entered with tier-0's temporary in s0 and gave it to the caller. The return address came back.
//
// convention: lp64d_loongarch
// judge: pair
// expect: P3, OSR method, s0
// transition: ryujit
// frame-bytes: 64
// callee-saves: s0
// slots: -56
// patchpoint: 7
source.tier0:
    addi.d $sp, $sp, -64
    st.d $ra, $sp, 24
    st.d $fp, $sp, 16
    st.d $s0, $sp, 32
    addi.d $fp, $sp, 16
    beqz $a1, 1f
    move $s0, $a0
    addi.d $a0, $sp, 8
    ori $a1, $zero, 7
    jirl $ra, $a2, 0
    jr $a0
1:  ld.d $s0, $sp, 32
    ld.d $ra, $sp, 24
    ld.d $fp, $sp, 16
    addi.d $sp, $sp, 64
    ret

faulty.osr:
    ld.d $ra, $fp, 8
    ld.d $fp, $fp, 0
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 8
    st.d $fp, $sp, 0
    st.d $s0, $sp, 16
    move $fp, $sp
    move $s0, $a1
    ld.d $s0, $sp, 16
    ld.d $ra, $sp, 8
    ld.d $fp, $sp, 0
    addi.d $sp, $sp, 96
    ret

fixed.osr:
    ld.d $s0, $fp, 16
    ld.d $ra, $fp, 8
    ld.d $fp, $fp, 0
    addi.d $sp, $sp, -32
    st.d $ra, $sp, 8
    st.d $fp, $sp, 0
    st.d $s0, $sp, 16
    move $fp, $sp
    move $s0, $a1
    ld.d $s0, $sp, 16
    ld.d $ra, $sp, 8
    ld.d $fp, $sp, 0
    addi.d $sp, $sp, 96
    ret
