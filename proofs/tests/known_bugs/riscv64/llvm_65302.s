// LLVM 65302: the registers of variable arguments were stored where a push instruction had put ra and s0: both right below the CFA.
//
// convention: lp64d
// judge: foreign
// expect: P2, ra, slot cfa-8
faulty:
    addi sp, sp, -64
    sd ra, 56(sp)
    sd s0, 48(sp)
    sd a5, 40(sp)
    sd a6, 48(sp)
    sd a7, 56(sp)
    addi a0, sp, 40
    jalr ra, a1
    ld s0, 48(sp)
    ld ra, 56(sp)
    addi sp, sp, 64
    ret

fixed:
    addi sp, sp, -64
    sd ra, 24(sp)
    sd s0, 16(sp)
    sd a5, 40(sp)
    sd a6, 48(sp)
    sd a7, 56(sp)
    addi a0, sp, 40
    jalr ra, a1
    ld s0, 16(sp)
    ld ra, 24(sp)
    addi sp, sp, 64
    ret
