// swiftlang/llvm-project 7081: x20 was saved as one convention has it, and not given back as another one has.
//
// convention: aapcs64_windows
// judge: foreign
// expect: P3, x20
faulty:
    stp x20, x30, [sp, #-16]!
    mov x20, x0
    blr x1
    ldr x30, [sp, #8]
    add sp, sp, #16
    ret

fixed:
    stp x20, x30, [sp, #-16]!
    mov x20, x0
    blr x1
    ldp x20, x30, [sp], #16
    ret
