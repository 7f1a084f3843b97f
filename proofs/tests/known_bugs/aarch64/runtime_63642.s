// dotnet/runtime 63642: a slot for the generic context was made and told of, and never written.
//
// convention: aapcs64
// judge: claim
// expect: P12, Local(0), has no value yet
// frame: aapcs64.tier0 saved= locals=32 outgoing=0
// home: context i64 -24
// home: local0 i64 -32
faulty:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #32
faulty.body:
    str x0, [sp, #24]
    adr x1, faulty.resume
    mov x2, #0
    ldr x9, [x0, #8]
    blr x9
faulty.patch:
    br x0
faulty.resume:
faulty.epilog:
    add sp, sp, #32
    ldp x29, x30, [sp], #16
    ret

fixed:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #32
fixed.body:
    str x0, [sp, #24]
    str x1, [sp, #16]
    adr x1, fixed.resume
    mov x2, #0
    ldr x9, [x0, #8]
    blr x9
fixed.patch:
    br x0
fixed.resume:
fixed.epilog:
    add sp, sp, #32
    ldp x29, x30, [sp], #16
    ret
