// LuaJIT 1096: after an unwound call SP was set up again, and the frame pointer was not.
//
// convention: aapcs64
// judge: foreign
// expect: P3, x29
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #16]
    mov x19, sp
    blr x1
    mov sp, x19
    ldr x19, [sp, #16]
    ldr x30, [sp, #8]
    add sp, sp, #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #16]
    mov x19, sp
    blr x1
    mov sp, x19
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    ret
