// riscv-gcc 237: in an epilog the part of the frame that scales with the vector length was computed, and its register then reused. Here the length is 16.
//
// convention: lp64d
// judge: foreign
// expect: P1, sp
faulty:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    addi s0, sp, 32
    addi sp, sp, -64
    jalr ra, a0
    li t0, 16
    slli t0, t0, 2
    li t0, -32
    add sp, s0, t0
    addi sp, sp, -64
    addi sp, sp, 64
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 96
    ret

fixed:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    addi s0, sp, 32
    addi sp, sp, -64
    jalr ra, a0
    li t0, 16
    slli t0, t0, 2
    li t2, -96
    add t0, t0, t2
    add sp, s0, t0
    addi sp, sp, -64
    addi sp, sp, 64
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 32
    ret
