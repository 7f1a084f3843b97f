// V8 7584: a frame that was made for a continuation had its caller's frame pointer in place of its own.
//
// convention: aapcs64
// judge: claim
// expect: P4, x29
// frame: aapcs64.native saved=x19 locals=16 outgoing=0
faulty:
    stp x29, x30, [sp, #-32]!
    str x19, [sp, #24]
    sub sp, sp, #16
faulty.body:
    mov x19, x0
    blr x1
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
    blr x1
fixed.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #32
    ret
