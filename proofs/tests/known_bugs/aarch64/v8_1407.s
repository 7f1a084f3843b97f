// V8 1407: a spill index of 64 does not fit seven signed bits, and as -64 it is a place beyond the frame's other end.
//
// convention: aapcs64
// judge: foreign
// expect: P3, x19
faulty:
    sub sp, sp, #544
    add x9, sp, #512
    stp x19, x20, [x9]
    mov x19, x0
    mov x20, x1
    ldp x19, x20, [sp, #-512]
    add sp, sp, #544
    ret

fixed:
    sub sp, sp, #544
    add x9, sp, #512
    stp x19, x20, [x9]
    mov x19, x0
    mov x20, x1
    add x9, sp, #512
    ldp x19, x20, [x9]
    add sp, sp, #544
    ret
