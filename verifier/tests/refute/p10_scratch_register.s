# The data has a rule for a register that no convention keeps, and the rule is wrong.
frame sysv.native saved= locals=0
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
.cfi_offset rcx, -16
mov rbp, rsp
.cfi_def_cfa_register rbp
body:
epilog:
pop rbp
.cfi_def_cfa rsp, 8
.cfi_restore rbp
ret
---
refuted P10 (unwinding): the caller's rcx by the unwinding row of 0001 (cfa = rsp+16, return [cfa-8], rcx [cfa-16], rbp [cfa-16]) is 0x2222222222222222 (rbp at entry), expected 0xdddddddddddddddd (rcx at entry)
  in p10_scratch_register at 0001

      at    instruction | SP     | what changed                                 | unwind rule
      0000  (entry)     | cfa-8  |                                              | cfa = rsp+8, return [cfa-8]
-->   0000  push rbp    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8], rcx [cfa-16], rbp [cfa-16]

  the caller's rcx by the unwinding row of 0001
    expected 0xdddddddddddddddd
    actual   0x2222222222222222

  entry: cfa=0x200000100000 return=0x220000000000 rcx=0xdddddddddddddddd rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
