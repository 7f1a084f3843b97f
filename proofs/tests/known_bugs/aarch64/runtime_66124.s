// dotnet/runtime 66124: a large frame was made in one step and first touched at its far end, beyond the guard page.
//
// convention: aapcs64
// judge: foreign
// expect: P9
faulty:
    mov x9, #0x9ce0
    sub sp, sp, x9
    stp x29, x30, [sp]
    ldp x29, x30, [sp]
    add sp, sp, x9
    ret

fixed:
    mov x9, #0x9ce0
    mov x10, #-4096
    mov x11, #-40192
1:  ldr wzr, [sp, x10]
    sub x10, x10, #4096
    cmp x10, x11
    b.ge 1b
    sub sp, sp, x9
    stp x29, x30, [sp]
    ldp x29, x30, [sp]
    add sp, sp, x9
    ret
