// Functions for Windows on AArch64 and what unwinders are told of them. What a name begins with is what is expected:
// `right_`: at every instruction; `wrong_`: refuted; `listed_`: the codes are read as llvm reads them, no more.

.globl right_pairs
.seh_proc right_pairs
right_pairs:
  stp x19, x20, [sp, #-80]!
  .seh_save_r19r20_x 80
  stp x21, x22, [sp, #16]
  .seh_save_regp x21, 16
  str x23, [sp, #32]
  .seh_save_reg x23, 32
  str d8, [sp, #40]
  .seh_save_freg d8, 40
  stp d9, d10, [sp, #48]
  .seh_save_fregp d9, 48
  stp x29, x30, [sp, #64]
  .seh_save_fplr 64
  add x29, sp, #64
  .seh_add_fp 64
  sub sp, sp, #1040
  .seh_stackalloc 1040
  .seh_endprologue
  mov x19, #1
  mov x21, #2
  mov x23, #3
  fmov d8, xzr
  fmov d10, xzr
  bl g
  cbz x0, 1f
  .seh_startepilogue
  add sp, sp, #1040
  .seh_stackalloc 1040
  ldp x29, x30, [sp, #64]
  .seh_save_fplr 64
  ldp d9, d10, [sp, #48]
  .seh_save_fregp d9, 48
  ldr d8, [sp, #40]
  .seh_save_freg d8, 40
  ldr x23, [sp, #32]
  .seh_save_reg x23, 32
  ldp x21, x22, [sp, #16]
  .seh_save_regp x21, 16
  ldp x19, x20, [sp], #80
  .seh_save_r19r20_x 80
  .seh_endepilogue
  ret
1:
  bl g
  .seh_startepilogue
  add sp, sp, #1040
  .seh_stackalloc 1040
  ldp x29, x30, [sp, #64]
  .seh_save_fplr 64
  ldp d9, d10, [sp, #48]
  .seh_save_fregp d9, 48
  ldr d8, [sp, #40]
  .seh_save_freg d8, 40
  ldr x23, [sp, #32]
  .seh_save_reg x23, 32
  ldp x21, x22, [sp, #16]
  .seh_save_regp x21, 16
  ldp x19, x20, [sp], #80
  .seh_save_r19r20_x 80
  .seh_endepilogue
  b g
.seh_endproc

.globl right_dynamic
.seh_proc right_dynamic
right_dynamic:
  stp x29, x30, [sp, #-48]!
  .seh_save_fplr_x 48
  mov x29, sp
  .seh_set_fp
  stp x25, x26, [sp, #16]
  .seh_save_regp x25, 16
  nop
  .seh_nop
  .seh_endprologue
  mov x25, #1
  mov x26, #2
  bl g
  .seh_startepilogue
  ldp x25, x26, [sp, #16]
  .seh_save_regp x25, 16
  ldp x29, x30, [sp], #48
  .seh_save_fplr_x 48
  .seh_endepilogue
  ret
.seh_endproc

.globl right_moving_saves
.seh_proc right_moving_saves
right_moving_saves:
  str x19, [sp, #-32]!
  .seh_save_reg_x x19, 32
  stp x21, x30, [sp, #16]
  .seh_save_lrpair x21, 16
  stp d8, d9, [sp, #-16]!
  .seh_save_fregp_x d8, 16
  str d12, [sp, #-16]!
  .seh_save_freg_x d12, 16
  stp x27, x28, [sp, #-16]!
  .seh_save_regp_x x27, 16
  sub sp, sp, #16
  .seh_stackalloc 16
  sub sp, sp, #8, lsl #12
  .seh_stackalloc 32768
  .seh_endprologue
  mov x19, #1
  mov x21, #2
  mov x28, #2
  fmov d12, xzr
  bl g
  .seh_startepilogue
  add sp, sp, #8, lsl #12
  .seh_stackalloc 32768
  add sp, sp, #16
  .seh_stackalloc 16
  ldp x27, x28, [sp], #16
  .seh_save_regp_x x27, 16
  ldr d12, [sp], #16
  .seh_save_freg_x d12, 16
  ldp d8, d9, [sp], #16
  .seh_save_fregp_x d8, 16
  ldp x21, x30, [sp, #16]
  .seh_save_lrpair x21, 16
  ldr x19, [sp], #32
  .seh_save_reg_x x19, 32
  .seh_endepilogue
  ret
.seh_endproc

.globl wrong_slot
.seh_proc wrong_slot
wrong_slot:
  str x30, [sp, #-32]!
  .seh_save_reg_x x30, 32
  str x20, [sp, #8]
  .seh_save_reg x20, 16
  .seh_endprologue
  mov x20, #1
  bl g
  .seh_startepilogue
  ldr x20, [sp, #8]
  .seh_save_reg x20, 16
  ldr x30, [sp], #32
  .seh_save_reg_x x30, 32
  .seh_endepilogue
  ret
.seh_endproc

// The epilog is told of one instruction short, so each of its rows is one late.
.globl wrong_epilog
.seh_proc wrong_epilog
wrong_epilog:
  str x30, [sp, #-32]!
  .seh_save_reg_x x30, 32
  str x20, [sp, #8]
  .seh_save_reg x20, 8
  sub sp, sp, #64
  .seh_stackalloc 64
  .seh_endprologue
  mov x20, #1
  bl g
  add sp, sp, #32
  .seh_startepilogue
  add sp, sp, #32
  .seh_stackalloc 64
  ldr x20, [sp, #8]
  .seh_save_reg x20, 8
  ldr x30, [sp], #32
  .seh_save_reg_x x30, 32
  .seh_endepilogue
  ret
.seh_endproc

.globl listed_signed
.seh_proc listed_signed
listed_signed:
  pacibsp
  .seh_pac_sign_lr
  str x30, [sp, #-16]!
  .seh_save_reg_x x30, 16
  .seh_endprologue
  bl g
  .seh_startepilogue
  ldr x30, [sp], #16
  .seh_save_reg_x x30, 16
  autibsp
  .seh_pac_sign_lr
  .seh_endepilogue
  ret
.seh_endproc
