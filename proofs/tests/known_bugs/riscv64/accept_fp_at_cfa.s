// RISC-V psABI: a frame pointer is the CFA, above the pair that it was saved in, and SP is found from it.
//
// convention: lp64d
// judge: foreign
accepted:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    addi s0, sp, 32
    sub sp, sp, a0
    jalr ra, a1
    addi sp, s0, -32
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 32
    ret
