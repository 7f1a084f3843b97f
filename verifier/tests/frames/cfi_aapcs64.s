# A frame record, integer and float saves, a call, and rules that end where the frame does.
frame aapcs64.native saved=x19,x20,v8 locals=16
---
stp x29, x30, [sp, #-48]!
.cfi_def_cfa_offset 48
.cfi_offset x29, -48
.cfi_offset x30, -40
add x29, sp, #0
.cfi_def_cfa_register x29
stp x19, x20, [sp, #32]
.cfi_offset x19, -16
.cfi_offset x20, -8
str d8, [sp, #24]
.cfi_offset v8, -24
sub sp, sp, #16
body:
movz x19, #7
movz x20, #9
fmov d8, xzr
blr x0
epilog:
add sp, sp, #16
.cfi_def_cfa sp, 48
ldp x19, x20, [sp, #32]
ldr d8, [sp, #24]
ldp x29, x30, [sp], #48
.cfi_def_cfa_offset 0
.cfi_restore x19
.cfi_restore x20
.cfi_restore v8
.cfi_restore x29
.cfi_restore x30
ret
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 57
  P4 frame chain: 8
  P5 alignment: 1
  P6 nothing below SP: 10
  P7 clobbers: 20
  P8 own frame only: 5
  P10 unwinding: 315
  P13 scratch set: 65
  P14 encodable: 1
  P15 control bits: 4
  assumed: callee-abi (1×)
