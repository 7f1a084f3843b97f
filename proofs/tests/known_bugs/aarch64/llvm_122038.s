// LLVM 122038: the size of a frame beyond 4 GiB was cut to 32 bits where it was given back.
//
// convention: aapcs64
// judge: foreign
// expect: P1, sp
faulty:
    stp x29, x30, [sp, #-16]!
    movz x9, #16
    movk x9, #1, lsl #32
    sub sp, sp, x9
    blr x0
    add sp, sp, #16
    ldp x29, x30, [sp], #16
    ret

fixed:
    stp x29, x30, [sp, #-16]!
    movz x9, #16
    movk x9, #1, lsl #32
    sub sp, sp, x9
    blr x0
    movz x9, #16
    movk x9, #1, lsl #32
    add sp, sp, x9
    ldp x29, x30, [sp], #16
    ret
