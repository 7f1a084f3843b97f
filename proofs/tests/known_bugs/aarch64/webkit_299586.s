// WebKit 299586: callee saves were stored below SP before it was lowered, where a signal on Linux overwrites them.
//
// convention: aapcs64
// judge: foreign
// expect: P6, x30 (slot cfa-8), first wrong at 0004
faulty:
    stur x19, [sp, #-16]
    stur x30, [sp, #-8]
    sub sp, sp, #32
    mov x19, x0
    blr x1
    ldr x19, [sp, #16]
    ldr x30, [sp, #24]
    add sp, sp, #32
    ret

fixed:
    sub sp, sp, #32
    str x19, [sp, #16]
    str x30, [sp, #24]
    mov x19, x0
    blr x1
    ldr x19, [sp, #16]
    ldr x30, [sp, #24]
    add sp, sp, #32
    ret
