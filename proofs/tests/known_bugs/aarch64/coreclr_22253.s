// coreclr 22253: a value was left in the upper half of v8 across a call; only the lower half comes back.
//
// convention: aapcs64
// judge: foreign
// expect: P3, x19
faulty:
    stp x29, x30, [sp, #-32]!
    str d8, [sp, #16]
    mov v8.d[1], x19
    mov x19, x0
    blr x1
    mov x19, v8.d[1]
    ldr d8, [sp, #16]
    ldp x29, x30, [sp], #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    str d8, [sp, #16]
    fmov d8, x19
    mov x19, x0
    blr x1
    fmov x19, d8
    ldr d8, [sp, #16]
    ldp x29, x30, [sp], #32
    ret
