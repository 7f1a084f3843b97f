// coreclr 23080: outgoing arguments of exactly 504 bytes are still within reach of a pair; the longer form is no mistake, though.
//
// convention: aapcs64
// judge: foreign
accepted:
    str x19, [sp, #-16]!
    sub sp, sp, #16
    stp x29, x30, [sp]
    mov x29, sp
    sub sp, sp, #504
    sub sp, sp, #8
    mov x19, x0
    blr x1
    add sp, sp, #8
    add sp, sp, #504
    ldp x29, x30, [sp]
    add sp, sp, #16
    ldr x19, [sp], #16
    ret
