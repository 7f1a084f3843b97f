// golang 38828: the link register was stored below SP before SP was lowered; a signal frame lands there.
//
// convention: lp64d
// judge: foreign
// expect: P6, ra (slot cfa-32), first wrong at 0000
faulty:
    sd ra, -32(sp)
    addi sp, sp, -32
    jalr ra, t1
    ld ra, 0(sp)
    addi sp, sp, 32
    ret

fixed:
    sd ra, -32(sp)
    addi sp, sp, -32
    sd ra, 0(sp)
    jalr ra, t1
    ld ra, 0(sp)
    addi sp, sp, 32
    ret
