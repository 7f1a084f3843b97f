// coreclr 23715: the loop that probes ended one page early. There on Arm32.
//
// convention: aapcs64
// judge: claim
// expect: P9, str x16, 7232 bytes below cfa-32784
// frame: aapcs64.probed saved= locals=40000 outgoing=0
faulty:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    mov x16, #32768
    sub x16, sp, x16, uxtx
1:  sub sp, sp, #1, lsl #12
    str x16, [sp]
    subs x17, sp, x16, uxtx
    b.ne 1b
    sub sp, sp, #1, lsl #12
    sub sp, sp, #3136
    str x16, [sp]
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
