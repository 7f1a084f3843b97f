// LLVM 198699: a prolog that was moved down into the body probed with t1 and t2, which were live there.
//
// convention: lp64d
// judge: claim
// expect: P13, t1
// frame: lp64d.native saved=s1 locals=24 outgoing=0
faulty:
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
    mv t1, sp
faulty.body:
    mv s1, a0
faulty.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 48
    ret

fixed:
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
    mv t0, sp
fixed.body:
    mv s1, a0
fixed.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 48
    ret
