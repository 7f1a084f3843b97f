// gcc-bugs msg278447: on PowerPC the stack was given back before some of the registers were loaded from it. Here on RISC-V.
//
// convention: lp64d
// judge: foreign
// expect: P6, s1 (slot cfa-24), first wrong at 0014
faulty:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    sd s1, 8(sp)
    addi s0, sp, 32
    mv s1, a0
    jalr ra, a1
    mv t0, s0
    ld ra, 24(sp)
    ld s0, 16(sp)
    mv sp, t0
    ld s1, -24(t0)
    ret

fixed:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    sd s1, 8(sp)
    addi s0, sp, 32
    mv s1, a0
    jalr ra, a1
    mv t0, s0
    ld ra, 24(sp)
    ld s0, 16(sp)
    ld s1, -24(t0)
    mv sp, t0
    ret
