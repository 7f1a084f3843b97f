// coreclr 4512: the home of variable arguments overlapped what else was in the frame; here, a saved register.
//
// convention: aapcs64_windows
// judge: foreign
// expect: P3, x19, slot cfa-72
faulty:
    stp x29, x30, [sp, #-96]!
    mov x29, sp
    str x19, [sp, #24]
    mov x19, x0
    stp x0, x1, [sp, #24]
    stp x2, x3, [sp, #40]
    stp x4, x5, [sp, #56]
    stp x6, x7, [sp, #72]
    blr x8
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #96
    ret

fixed:
    stp x29, x30, [sp, #-96]!
    mov x29, sp
    str x19, [sp, #24]
    mov x19, x0
    stp x0, x1, [sp, #32]
    stp x2, x3, [sp, #48]
    stp x4, x5, [sp, #64]
    stp x6, x7, [sp, #80]
    blr x8
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #96
    ret
