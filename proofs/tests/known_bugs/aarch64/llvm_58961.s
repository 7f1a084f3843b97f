// LLVM 58961: a frame too large to fold its release into the last reload was released before it.
//
// convention: aapcs64
// judge: foreign
// expect: P6, x19 (slot cfa-272), first wrong at 0018
faulty:
    sub sp, sp, #272
    stp x19, x30, [sp]
    mov x19, x0
    blr x1
    mov x9, sp
    ldr x30, [x9, #8]
    add sp, sp, #272
    ldr x19, [x9]
    ret

fixed:
    sub sp, sp, #272
    stp x19, x30, [sp]
    mov x19, x0
    blr x1
    mov x9, sp
    ldr x30, [x9, #8]
    ldr x19, [x9]
    add sp, sp, #272
    ret
