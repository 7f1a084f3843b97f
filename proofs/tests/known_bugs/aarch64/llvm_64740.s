// LLVM 64740: the registers of variable arguments were not counted in the frame, and a local was stored over the saved lr.
//
// convention: aapcs64_windows
// judge: foreign
// expect: P2, x30, slot cfa-64
faulty:
    sub sp, sp, #80
    str x30, [sp, #16]
    stp x1, x2, [sp, #24]
    stp x3, x4, [sp, #40]
    stp x5, x6, [sp, #56]
    str x7, [sp, #72]
    str x0, [sp, #16]
    add x0, sp, #24
    blr x8
    ldr x30, [sp, #16]
    add sp, sp, #80
    ret

fixed:
    sub sp, sp, #80
    str x30, [sp, #16]
    stp x1, x2, [sp, #24]
    stp x3, x4, [sp, #40]
    stp x5, x6, [sp, #56]
    str x7, [sp, #72]
    str x0, [sp, #8]
    add x0, sp, #24
    blr x8
    ldr x30, [sp, #16]
    add sp, sp, #80
    ret
