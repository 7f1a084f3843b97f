// JDK-8294744: a word was parked below SP, and read back from there after a signal could have come.
//
// convention: aapcs64
// judge: foreign
// expect: P6, x20 (slot cfa-8), first wrong at 0000
faulty:
    stur x20, [sp, #-8]
    mov x20, x0
    ldur x20, [sp, #-8]
    ret

fixed:
    str x20, [sp, #-16]!
    mov x20, x0
    ldr x20, [sp], #16
    ret
