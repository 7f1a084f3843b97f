// dotnet/runtime 66124: a large frame was made in one step and first touched at its far end, beyond the guard page.
//
// convention: aapcs64
// judge: claim
// expect: P9, SP in the body is cfa-40016, 40000 bytes below cfa-16
// frame: aapcs64.probed saved= locals=40000 outgoing=0
faulty:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    mov x16, #40000
    sub sp, sp, x16, uxtx
faulty.body:
    str x0, [sp]
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
    str x0, [sp]
fixed.epilog:
    mov sp, x29
    ldp x29, x30, [sp], #16
    ret
