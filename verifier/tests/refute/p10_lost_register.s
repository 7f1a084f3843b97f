# The data says that a register which callers rely on is lost.
frame sysv.native saved= locals=0
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
.cfi_undefined rbx
mov rbp, rsp
.cfi_def_cfa_register rbp
body:
epilog:
pop rbp
.cfi_def_cfa rsp, 8
.cfi_restore rbp
ret
---
refuted P10 (unwinding): the caller's rbx is lost by the unwinding row of 0001 (cfa = rsp+16, return [cfa-8], rbx undefined, rbp [cfa-16])
  in p10_lost_register at 0001

      at    instruction | SP     | what changed                                 | unwind rule
      0000  (entry)     | cfa-8  |                                              | cfa = rsp+8, return [cfa-8]
-->   0000  push rbp    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8], rbx undefined, rbp [cfa-16]

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
