// LLVM 66073: the list of a push instruction ended one register short of s11. Here in the stores that it stands for.
//
// convention: lp64d
// judge: foreign
// expect: P3, s11
faulty:
    addi sp, sp, -32
    sd s10, 24(sp)
    sd s0, 16(sp)
    sd ra, 8(sp)
    mv s10, a0
    mv s11, a1
    jalr ra, a2
    ld ra, 8(sp)
    ld s0, 16(sp)
    ld s10, 24(sp)
    addi sp, sp, 32
    ret

fixed:
    addi sp, sp, -32
    sd s11, 24(sp)
    sd s10, 16(sp)
    sd s0, 8(sp)
    sd ra, 0(sp)
    mv s10, a0
    mv s11, a1
    jalr ra, a2
    ld ra, 0(sp)
    ld s0, 8(sp)
    ld s10, 16(sp)
    ld s11, 24(sp)
    addi sp, sp, 32
    ret
