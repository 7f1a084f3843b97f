// ART b/130313339: the stub that enters replaced code saved integer registers only, though that code's epilog also loads floats.
//
// convention: aapcs64
// judge: foreign
// expect: P3, v8
faulty:
    stp x19, x20, [sp, #-32]!
    stp x29, x30, [sp, #16]
    sub sp, sp, #32
    stp xzr, xzr, [sp]
    blr x0
    ldr d8, [sp, #8]
    add sp, sp, #32
    ldp x29, x30, [sp, #16]
    ldp x19, x20, [sp], #32
    ret

fixed:
    stp x19, x20, [sp, #-48]!
    stp x29, x30, [sp, #16]
    str d8, [sp, #32]
    sub sp, sp, #32
    stp xzr, xzr, [sp]
    blr x0
    ldr d8, [sp, #8]
    add sp, sp, #32
    ldr d8, [sp, #32]
    ldp x29, x30, [sp, #16]
    ldp x19, x20, [sp], #48
    ret
