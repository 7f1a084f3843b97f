// Chromium 514362: the distance from FP to SP was without the outgoing arguments, and every slot was read that much off.
//
// convention: aapcs64
// judge: claim
// expect: P12, Local(0), x19
// source: aapcs64.tier0 saved= locals=32 outgoing=0
// home: context i64 -24
// home: local0 i64 -32
// frame: aapcs64.osr saved=x19 locals=16 outgoing=0
// transition: aapcs64.ryujit
// state: context i64 dead
// state: local0 i64 x19
source:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #32
source.body:
    str x0, [sp, #24]
    str x1, [sp, #16]
    adr x1, source.resume
    mov x2, #0
    ldr x9, [x0, #8]
    blr x9
source.patch:
    br x0
source.resume:
source.epilog:
    add sp, sp, #32
    ldp x29, x30, [sp], #16
    ret

faulty:
    ldp x29, x30, [x29]
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #24]
    sub sp, sp, #16
    ldr x19, [sp, #48]
faulty.body:
faulty.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #80
    ret

fixed:
    ldp x29, x30, [x29]
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x19, [sp, #24]
    sub sp, sp, #16
    ldr x19, [sp, #64]
fixed.body:
fixed.epilog:
    add sp, sp, #16
    ldr x19, [sp, #24]
    ldp x29, x30, [sp], #80
    ret
