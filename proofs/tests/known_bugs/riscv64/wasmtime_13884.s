// Wasmtime 13884: the switch between fibers stored all registers below SP, and only then lowered it.
//
// convention: lp64d
// judge: foreign
// expect: P6, ra (slot cfa-8), first wrong at 0000
faulty:
    sd ra, -8(sp)
    sd s0, -16(sp)
    fsd fs11, -24(sp)
    addi sp, sp, -32
    mv s0, a0
    fmv.d.x fs11, a1
    jalr ra, a2
    fld fs11, 8(sp)
    ld s0, 16(sp)
    ld ra, 24(sp)
    addi sp, sp, 32
    ret

fixed:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    fsd fs11, 8(sp)
    mv s0, a0
    fmv.d.x fs11, a1
    jalr ra, a2
    fld fs11, 8(sp)
    ld s0, 16(sp)
    ld ra, 24(sp)
    addi sp, sp, 32
    ret
