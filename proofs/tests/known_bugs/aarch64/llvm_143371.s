// LLVM 143371: SP was found again from FP without the padding between float saves and the rest; floats came from beside their slots.
//
// convention: aapcs64
// judge: foreign
// expect: P3, v8
faulty:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #1024
    stp d8, d9, [sp, #-16]!
    fmov d8, x0
    fmov d9, x1
    sub sp, sp, #64
    blr x2
    sub sp, x29, #16
    ldp d8, d9, [sp], #16
    ldp x29, x30, [sp], #16
    ret

fixed:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #1024
    stp d8, d9, [sp, #-16]!
    fmov d8, x0
    fmov d9, x1
    sub sp, sp, #64
    blr x2
    sub sp, x29, #1040
    ldp d8, d9, [sp], #16
    add sp, sp, #1024
    ldp x29, x30, [sp], #16
    ret
