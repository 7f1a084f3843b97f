// dotnet/runtime 123307: the OSR method was entered with the registers of the helper's call in place of those of tier-0's caller.
//
// convention: aapcs64
// judge: pair
// expect: P2, OSR method, x30
// transition: ryujit
// frame-bytes: 64
// callee-saves: x19
// slots: -16
// patchpoint: 7
source.tier0:
    stp x29, x30, [sp, #-64]!
    str x19, [sp, #56]
    mov x29, sp
    cbz x1, 1f
    mov x19, x0
    add x0, sp, #48
    mov w1, #7
    blr x2
    br x0
1:  ldr x19, [sp, #56]
    ldp x29, x30, [sp], #64
    ret

faulty.osr:
    stp x29, x30, [sp, #-32]!
    str x19, [sp, #16]
    mov x29, sp
    mov x19, x1
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    add sp, sp, #64
    ret

fixed.osr:
    ldr x19, [sp, #56]
    ldp x29, x30, [x29]
    stp x29, x30, [sp, #-32]!
    str x19, [sp, #16]
    mov x29, sp
    mov x19, x1
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    add sp, sp, #64
    ret
