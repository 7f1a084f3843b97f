// LLVM 81676: a prolog in the middle of a function compared for its probes, between a comparison and the branch on it.
//
// convention: aapcs64
// judge: claim
// expect: P7, z
// frame: aapcs64.probed saved= locals=40000 outgoing=0
faulty:
    cmp x0, #0
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    mov x16, #36864
    sub x16, sp, x16, uxtx
1:  sub sp, sp, #1, lsl #12
    str x16, [sp]
    subs x17, sp, x16, uxtx
    b.ne 1b
    sub sp, sp, #3136
    str x16, [sp]
faulty.body:
    b.eq 2f
    str x0, [sp]
2:  nop
faulty.epilog:
    mov sp, x29
    ldp x29, x30, [sp], #16
    ret

fixed:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    mov x16, #36864
    sub x16, sp, x16, uxtx
1:  sub sp, sp, #1, lsl #12
    str x16, [sp]
    subs x17, sp, x16, uxtx
    b.ne 1b
    sub sp, sp, #3136
    str x16, [sp]
fixed.body:
    cmp x0, #0
    b.eq 2f
    str x0, [sp]
2:  nop
fixed.epilog:
    mov sp, x29
    ldp x29, x30, [sp], #16
    ret
