// LLVM 66046: push instructions put the highest register next to the CFA and ra lowest; library routines do the reverse. This is the other.
//
// convention: lp64d
// judge: foreign
accepted:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    sd s1, 8(sp)
    mv s1, a0
    jalr ra, a1
    mv a0, s1
    ld ra, 24(sp)
    ld s0, 16(sp)
    ld s1, 8(sp)
    addi sp, sp, 32
    ret
