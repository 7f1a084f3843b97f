// GCC PR 63293: the stack was freed before the last load from it, in functions whose result is in the frame.
//
// convention: aapcs64
// judge: claim
// expect: P6, cfa-48
// frame: aapcs64.native saved=x19 locals=16 outgoing=0
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #24]
    sub sp, sp, #16
faulty.body:
    str x0, [sp]
faulty.epilog:
    mov sp, x29
    ldur x0, [x29, #-16]
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #24]
    sub sp, sp, #16
fixed.body:
    str x0, [sp]
    ldr x0, [sp]
fixed.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret
