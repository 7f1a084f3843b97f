// golang 17381: a leaf with a frame never stored the return address that its tables said was in it.
//
// convention: aapcs64
// judge: foreign
// expect: P10, return address
faulty:
    .cfi_startproc
    sub sp, sp, #16
    .cfi_def_cfa_offset 16
    .cfi_offset x30, -16
    str x0, [sp, #8]
    ldr x0, [sp, #8]
    add sp, sp, #16
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    sub sp, sp, #16
    .cfi_def_cfa_offset 16
    str x0, [sp, #8]
    ldr x0, [sp, #8]
    add sp, sp, #16
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
