// dotnet/runtime 68194: an offset and a flag shared a bit; a local at an odd place got its neighbour's. Here the homes that were recorded.
//
// convention: aapcs64
// judge: claim
// expect: P12, overlap
// frame: aapcs64.tier0 saved= locals=32 outgoing=0
// faulty.home: context i64 -24
// faulty.home: local0 i32 -32
// faulty.home: local1 i32 -32
// fixed.home: context i64 -24
// fixed.home: local0 i32 -32
// fixed.home: local1 i32 -40
faulty:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #32
faulty.body:
    str x0, [sp, #24]
    str w1, [sp, #16]
    str w2, [sp, #8]
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
    str w1, [sp, #16]
    str w2, [sp, #8]
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
