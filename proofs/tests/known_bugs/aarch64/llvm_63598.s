// LLVM 63598: an epilog had no rows; when its authentication failed, FP was the caller's already, and the CFA was found from it.
//
// convention: aapcs64
// judge: foreign
// expect: P10, calls only, CFA by the row, before 0010: ret
faulty:
    .cfi_startproc
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset x29, -32
    .cfi_offset x30, -24
    mov x29, sp
    .cfi_def_cfa x29, 32
    blr x0
    ldp x29, x30, [sp], #32
    ret
    .cfi_endproc

fixed:
    .cfi_startproc
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset x29, -32
    .cfi_offset x30, -24
    mov x29, sp
    .cfi_def_cfa x29, 32
    blr x0
    ldp x29, x30, [sp], #32
    .cfi_def_cfa sp, 0
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
