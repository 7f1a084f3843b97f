// Chromium 391313: floats were copied by pairs in the order of their numbers, though their slots were not neighbours.
//
// convention: aapcs64
// judge: foreign
// expect: P3, v10
faulty:
    sub sp, sp, #48
    str d8, [sp, #16]
    str d10, [sp, #32]
    fmov d8, x0
    fmov d10, x1
    ldp d8, d10, [sp, #16]
    add sp, sp, #48
    ret

fixed:
    sub sp, sp, #48
    str d8, [sp, #16]
    str d10, [sp, #32]
    fmov d8, x0
    fmov d10, x1
    ldr d8, [sp, #16]
    ldr d10, [sp, #32]
    add sp, sp, #48
    ret
