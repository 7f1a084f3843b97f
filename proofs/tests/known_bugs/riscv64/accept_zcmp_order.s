// LLVM 66046: push instructions put the highest register next to the CFA and ra lowest; library routines do the reverse. This is the one.
//
// convention: lp64d
// judge: foreign
accepted:
    addi sp, sp, -32
    sd s1, 24(sp)
    sd s0, 16(sp)
    sd ra, 8(sp)
    mv s1, a0
    jalr ra, a1
    mv a0, s1
    ld ra, 8(sp)
    ld s0, 16(sp)
    ld s1, 24(sp)
    addi sp, sp, 32
    ret
