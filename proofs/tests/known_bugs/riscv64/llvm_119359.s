// LLVM 119359: with several save points the frame was made in the entry block and again in its successor.
//
// convention: lp64d
// judge: foreign
// expect: P1, sp
faulty:
    addi sp, sp, -16
    beqz a0, 1f
    addi sp, sp, -16
    sd ra, 8(sp)
    jalr ra, a1
    ld ra, 8(sp)
1:  addi sp, sp, 16
    ret

fixed:
    addi sp, sp, -16
    beqz a0, 1f
    sd ra, 8(sp)
    jalr ra, a1
    ld ra, 8(sp)
1:  addi sp, sp, 16
    ret
