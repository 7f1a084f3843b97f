// coreclr 23715: the end of a probe loop was compared so that the last page was left out. There on Arm32.
//
// convention: aapcs64
// judge: foreign
// expect: P9
faulty:
    mov x10, #-4096
    mov x11, #-12288
1:  ldr wzr, [sp, x10]
    sub x10, x10, #4096
    cmp x10, x11
    b.gt 1b
    mov x9, #12288
    sub sp, sp, x9
    str xzr, [sp]
    add sp, sp, x9
    ret

fixed:
    mov x10, #-4096
    mov x11, #-12288
1:  ldr wzr, [sp, x10]
    sub x10, x10, #4096
    cmp x10, x11
    b.ge 1b
    mov x9, #12288
    sub sp, sp, x9
    str xzr, [sp]
    add sp, sp, x9
    ret
