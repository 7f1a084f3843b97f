// Wasmtime 8275: at an indirect tail call the frame was handed over as if by another opcode, with SP off by the arguments.
//
// convention: lp64d
// judge: foreign
// expect: P1, sp
faulty:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    addi s0, sp, 32
    jalr ra, a1
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 16
    jr t1

fixed:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    addi s0, sp, 32
    jalr ra, a1
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 32
    jr t1
