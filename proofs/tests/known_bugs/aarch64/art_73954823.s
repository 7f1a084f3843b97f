// ART b/73954823: the stub that enters replaced code pushed an empty word, and unwinders were not told.
//
// convention: aapcs64
// judge: foreign
// expect: P10, CFA by the row, blr x0
faulty:
    .cfi_startproc
    str x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x30, -16
    str xzr, [sp, #-16]!
    blr x0
    add sp, sp, #16
    ldr x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    str x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x30, -16
    str xzr, [sp, #-16]!
    .cfi_def_cfa_offset 32
    blr x0
    add sp, sp, #16
    .cfi_def_cfa_offset 16
    ldr x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    ret
    .cfi_endproc
