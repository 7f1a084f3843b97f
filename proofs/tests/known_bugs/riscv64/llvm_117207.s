// LLVM 117207: the area that a push instruction takes was counted twice in the address of a spill, which hit what had been pushed.
//
// convention: lp64d
// judge: foreign
// expect: P3, s0, slot cfa-16
faulty:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    addi sp, sp, -32
    mv s0, a0
    addi a3, sp, 32
    sd a1, 0(a3)
    jalr ra, a2
    addi sp, sp, 32
    ld s0, 0(sp)
    ld ra, 8(sp)
    addi sp, sp, 16
    ret

fixed:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    addi sp, sp, -32
    mv s0, a0
    addi a3, sp, 16
    sd a1, 0(a3)
    jalr ra, a2
    addi sp, sp, 32
    ld s0, 0(sp)
    ld ra, 8(sp)
    addi sp, sp, 16
    ret
