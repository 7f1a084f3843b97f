// LLVM 71826: a context was stored by the prolog through a register that was live there.
//
// convention: aapcs64
// judge: claim
// expect: P7, x2
// frame: aapcs64.native saved=x19 locals=16 outgoing=0
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    add x2, sp, #8
    str x19, [sp, #24]
    sub sp, sp, #16
faulty.body:
    mov x19, x2
faulty.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    add x16, sp, #8
    str x19, [sp, #24]
    sub sp, sp, #16
fixed.body:
    mov x19, x2
fixed.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret
