// Wasmtime e3bb36ba77: the distance from SP to FP lacked the saved registers, and a local addressed by FP was one of them.
//
// convention: lp64d
// judge: foreign
// expect: P3, s1, slot cfa-24
faulty:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    mv s0, sp
    addi sp, sp, -32
    sd s1, 24(sp)
    mv s1, a0
    sd a1, -8(s0)
    jalr ra, a2
    ld s1, 24(sp)
    addi sp, sp, 32
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 16
    ret

fixed:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    mv s0, sp
    addi sp, sp, -32
    sd s1, 24(sp)
    mv s1, a0
    sd a1, -16(s0)
    jalr ra, a2
    ld s1, 24(sp)
    addi sp, sp, 32
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 16
    ret
