// coreclr 22476: a frame of exactly 512 bytes is made in one step and given back in another form, since a pair's offset ends at 504.
//
// convention: aapcs64
// judge: foreign
accepted:
    stp x29, x30, [sp, #-512]!
    str x19, [sp, #504]
    mov x29, sp
    mov x19, x0
    blr x1
    ldr x19, [sp, #504]
    ldp x29, x30, [sp]
    add sp, sp, #512
    ret
