// LLVM 54900: of saved float registers one too few was encoded where their number is even. Here with a record of its own in place of packed data.
//
// convention: aapcs64_windows
// judge: foreign
// expect: P10, v11 by the row
faulty:
    .seh_proc faulty
    stp x29, x30, [sp, #-48]!
    .seh_save_fplr_x 48
    mov x29, sp
    .seh_set_fp
    stp d10, d11, [sp, #16]
    .seh_save_freg d10, 16
    .seh_endprologue
    fmov d10, x0
    fmov d11, x1
    blr x2
    .seh_startepilogue
    ldp d10, d11, [sp, #16]
    .seh_save_freg d10, 16
    ldp x29, x30, [sp], #48
    .seh_save_fplr_x 48
    .seh_endepilogue
    ret
    .seh_endproc

fixed:
    .seh_proc fixed
    stp x29, x30, [sp, #-48]!
    .seh_save_fplr_x 48
    mov x29, sp
    .seh_set_fp
    stp d10, d11, [sp, #16]
    .seh_save_fregp d10, 16
    .seh_endprologue
    fmov d10, x0
    fmov d11, x1
    blr x2
    .seh_startepilogue
    ldp d10, d11, [sp, #16]
    .seh_save_fregp d10, 16
    ldp x29, x30, [sp], #48
    .seh_save_fplr_x 48
    .seh_endepilogue
    ret
    .seh_endproc
