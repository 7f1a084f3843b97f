// LLVM 81676: a prolog in the middle of a function compared for its probes, between a comparison and the branch on it.
//
// convention: aapcs64
// judge: claim
// expect: P13, flags
// frame: aapcs64.native saved=x19 locals=16 outgoing=0
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    cmp sp, x16
    str x19, [sp, #24]
    sub sp, sp, #16
faulty.body:
    mov x19, x0
faulty.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #24]
    sub sp, sp, #16
fixed.body:
    mov x19, x0
fixed.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret
