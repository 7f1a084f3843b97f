// dotnet/runtime 126880 (review): the OSR prolog loaded the integer registers that tier-0 had saved, and not the float ones.
//
// convention: aapcs64
// judge: pair
// expect: P3, OSR method, v8
// transition: ryujit
// frame-bytes: 1024
// callee-saves: x19 x20 v8 v9
// slots: -1000
// patchpoint: 7
source.tier0:
    sub sp, sp, #1024
    stp x29, x30, [sp]
    add x16, sp, #992
    stp x19, x20, [x16, #16]
    stp d8, d9, [x16]
    mov x29, sp
    cbz x1, 1f
    mov x19, x0
    mov x20, x1
    fmov d8, x0
    fmov d9, x1
    add x0, sp, #24
    mov w1, #7
    blr x2
    br x0
1:  add x16, sp, #992
    ldp x19, x20, [x16, #16]
    ldp d8, d9, [x16]
    ldp x29, x30, [sp]
    add sp, sp, #1024
    ret

faulty.osr:
    add x16, sp, #1024
    ldp x19, x20, [x16, #-16]
    ldp x29, x30, [x29]
    stp x29, x30, [sp, #-48]!
    stp x19, x20, [sp, #16]
    stp d8, d9, [sp, #32]
    mov x29, sp
    mov x19, x1
    mov x20, x2
    fmov d8, x1
    ldp x19, x20, [sp, #16]
    ldp d8, d9, [sp, #32]
    ldp x29, x30, [sp], #48
    add sp, sp, #1024
    ret

fixed.osr:
    add x16, sp, #1024
    ldp x19, x20, [x16, #-16]
    ldp d8, d9, [x16, #-32]
    ldp x29, x30, [x29]
    stp x29, x30, [sp, #-48]!
    stp x19, x20, [sp, #16]
    stp d8, d9, [sp, #32]
    mov x29, sp
    mov x19, x1
    mov x20, x2
    fmov d8, x1
    ldp x19, x20, [sp, #16]
    ldp d8, d9, [sp, #32]
    ldp x29, x30, [sp], #48
    add sp, sp, #1024
    ret
