# rbx and rbp are said to be in each other's slots.
frame sysv.native saved=rbx locals=8
---
push rbp
.cfi_def_cfa_offset 16
mov rbp, rsp
.cfi_def_cfa_register rbp
push rbx
sub rsp, 8
.cfi_offset rbp, -24
.cfi_offset rbx, -16
body:
mov rbx, rdi
mov rax, rbx
epilog:
.epilog
---
refuted P10 (unwinding): the caller's rbp by the unwinding row of 0004 (cfa = rbp+16, return [cfa-8]) is 0x2000000ffff0 (cfa-16), expected 0x2222222222222222 (rbp at entry)
  in p10_wrong_slot at 0004

      at    instruction  | SP     | what changed                                 | unwind rule
      0000  (entry)      | cfa-8  |                                              | cfa = rsp+8, return [cfa-8]
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8]
-->   0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)                | cfa = rbp+16, return [cfa-8]

  the caller's rbp by the unwinding row of 0004
    expected 0x2222222222222222
    actual   0x00002000000ffff0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
