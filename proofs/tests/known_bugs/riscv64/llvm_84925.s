// LLVM 84925: a push instruction's adjustment of SP was cut to a multiple of 16, and a local came to lie on the saved ra.
//
// convention: lp64d
// judge: foreign
// expect: P2, ra, slot cfa-8
faulty:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd a0, 8(sp)
    jalr ra, a1
    ld ra, 8(sp)
    addi sp, sp, 16
    ret

fixed:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd a0, 8(sp)
    jalr ra, a1
    ld ra, 24(sp)
    addi sp, sp, 32
    ret
