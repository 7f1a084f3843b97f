# A CFI instruction that pops a state that was never remembered: the data cannot be read.
frame sysv.native saved= locals=0
---
push rbp
.cfi_restore_state
mov rbp, rsp
body:
epilog:
.epilog
---
refuted P10 (unwinding): unwinding data, byte 0x18: an instruction of an FDE, after the row that ends at 0x1: invalid DW_CFA_restore_state: empty stack
  in p10_bad_byte at 0000

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: claim: unwind
  replay: framewright replay FILE
