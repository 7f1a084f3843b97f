// WebKit 281529: results were read from the frame after SP had been raised above them.
//
// convention: lp64d
// judge: claim
// expect: P6, ld a0, reads 8 bytes at cfa-40
// frame: lp64d.native saved=s1 locals=24 outgoing=0
faulty:
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
faulty.body:
    mv s1, a0
    sd a1, 8(sp)
faulty.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 48
    ld a0, -40(sp)
    ret

fixed:
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
fixed.body:
    mv s1, a0
    sd a1, 8(sp)
    ld a0, 8(sp)
fixed.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 48
    ret
