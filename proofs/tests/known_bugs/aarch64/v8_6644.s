// V8 6644: the word that pads a frame to the alignment of SP was left out in one of the places that make it.
//
// convention: aapcs64
// judge: foreign
// expect: P5, sp
faulty:
    sub sp, sp, #24
    str x30, [sp, #16]
    stp x0, x1, [sp]
    blr x2
    ldr x30, [sp, #16]
    add sp, sp, #24
    ret

fixed:
    sub sp, sp, #32
    str x30, [sp, #16]
    stp x0, x1, [sp]
    blr x2
    ldr x30, [sp, #16]
    add sp, sp, #32
    ret
