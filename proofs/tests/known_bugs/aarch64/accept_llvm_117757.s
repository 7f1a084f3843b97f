// LLVM 117757: a stack map names x19 as what a slot is found by: it is the base pointer of a frame of changing size.
//
// convention: aapcs64
// judge: foreign
accepted:
    stp x29, x30, [sp, #-32]!
    str x19, [sp, #16]
    mov x29, sp
    sub sp, sp, #32
    mov x19, sp
    add x9, x0, #15
    and x9, x9, #0xfffffffffffffff0
    mov x10, sp
    sub sp, x10, x9
    str x0, [x19, #8]
    blr x1
    ldr x0, [x19, #8]
    mov sp, x29
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    ret
