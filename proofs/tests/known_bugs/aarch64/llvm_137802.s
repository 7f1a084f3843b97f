// LLVM 137802: the note that the return address is signed was one instruction early, before it was.
//
// convention: aapcs64
// judge: foreign
// expect: P10, return address, before 0000
faulty:
    .cfi_startproc
    .cfi_negate_ra_state
    paciasp
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    blr x0
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    autiasp
    .cfi_negate_ra_state
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    paciasp
    .cfi_negate_ra_state
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    blr x0
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    autiasp
    .cfi_negate_ra_state
    ret
    .cfi_endproc
