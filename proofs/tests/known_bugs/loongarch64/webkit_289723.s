// WebKit 289723: the tiers counted the slots of exceptions differently, and every later value was read one off.
//
// convention: lp64d_loongarch
// judge: claim
// expect: P12, Local(1), s0
// source: lp64d_loongarch.tier0 saved= locals=32 outgoing=0
// home: context i64 -24
// home: local0 i64 -32
// home: local1 i64 -40
// transition: lp64d_loongarch.ryujit
// frame: lp64d_loongarch.osr saved=s0 locals=24 outgoing=0
// state: context i64 dead
// state: local0 i64 dead
// state: local1 i64 s0
source:
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 40
    st.d $fp, $sp, 32
    addi.d $fp, $sp, 32
source.body:
    st.d $a0, $sp, 24
    st.d $a1, $sp, 16
    st.d $a2, $sp, 8
    pcaddi $a1, 5
    ori $a2, $zero, 0
    ld.d $t1, $a0, 8
    jirl $ra, $t1, 0
source.patch:
    jr $a0
source.resume:
source.epilog:
    ld.d $ra, $sp, 40
    ld.d $fp, $sp, 32
    addi.d $sp, $sp, 48
    ret

faulty:
    ld.d $ra, $fp, 8
    ld.d $fp, $fp, 0
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 32
    st.d $fp, $sp, 24
    st.d $s0, $sp, 40
    addi.d $fp, $sp, 24
    ld.d $s0, $sp, 64
faulty.body:
faulty.epilog:
    ld.d $s0, $sp, 40
    ld.d $ra, $sp, 32
    ld.d $fp, $sp, 24
    addi.d $sp, $sp, 96
    ret

fixed:
    ld.d $ra, $fp, 8
    ld.d $fp, $fp, 0
    addi.d $sp, $sp, -48
    st.d $ra, $sp, 32
    st.d $fp, $sp, 24
    st.d $s0, $sp, 40
    addi.d $fp, $sp, 24
    ld.d $s0, $sp, 56
fixed.body:
fixed.epilog:
    ld.d $s0, $sp, 40
    ld.d $ra, $sp, 32
    ld.d $fp, $sp, 24
    addi.d $sp, $sp, 96
    ret
