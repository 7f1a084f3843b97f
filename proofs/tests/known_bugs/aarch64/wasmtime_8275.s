// Wasmtime 8275: at an indirect tail call the frame was handed over as if by another opcode, with SP off by the arguments.
//
// convention: aapcs64
// judge: foreign
// expect: P1, sp
faulty:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x0, [sp, #16]
    blr x1
    ldr x16, [sp, #16]
    ldp x29, x30, [sp], #16
    br x16

fixed:
    stp x29, x30, [sp, #-32]!
    mov x29, sp
    str x0, [sp, #16]
    blr x1
    ldr x16, [sp, #16]
    ldp x29, x30, [sp], #32
    br x16
