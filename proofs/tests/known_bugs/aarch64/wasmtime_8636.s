// Wasmtime 8636: the distance from SP to the caller's lacked the outgoing area; what was meant for an incoming argument's home hit a save.
//
// convention: aapcs64
// judge: foreign
// expect: P3, x19, slot cfa-16
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #16]
    mov x19, x0
    sub sp, sp, #16
    str x1, [sp, #32]
    blr x2
    add sp, sp, #16
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #16]
    mov x19, x0
    sub sp, sp, #16
    str x1, [sp, #48]
    blr x2
    add sp, sp, #16
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    ret
