# The CFA's row comes one instruction late.
frame sysv.native saved=rbx locals=8
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
mov rbp, rsp
push rbx
sub rsp, 8
.cfi_def_cfa_offset 32
.cfi_offset rbx, -24
body:
mov rbx, rdi
mov rax, rbx
epilog:
.epilog
---
refuted P10 (unwinding): the CFA by the unwinding row of 0005 (cfa = rsp+16, return [cfa-8], rbp [cfa-16]) is 0x2000000ffff8 (cfa-8), expected 0x200000100000 (cfa)
  in p10_late at 0005

      at    instruction  | SP     | what changed                                 | unwind rule
      0000  (entry)      | cfa-8  |                                              | cfa = rsp+8, return [cfa-8]
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8], rbp [cfa-16]
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)                | ″
-->   0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry) | ″

  the CFA by the unwinding row of 0005
    expected 0x0000200000100000
    actual   0x00002000000ffff8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
