# Wrong before anything has run.
frame sysv.native saved= locals=0
---
.cfi_offset rbx, -24
push rbp
.cfi_def_cfa_offset 16
mov rbp, rsp
body:
epilog:
pop rbp
.cfi_def_cfa_offset 8
ret
---
refuted P10 (unwinding): the caller's rbx by the unwinding row of 0000 (cfa = rsp+8, return [cfa-8], rbx [cfa-24]) is 0x4444444444444444, expected 0x1111111111111111 (rbx at entry)
  in p10_entry at 0000

      at    instruction | SP    | what changed | unwind rule
-->   0000  (entry)     | cfa-8 |              | cfa = rsp+8, return [cfa-8], rbx [cfa-24]

  the caller's rbx by the unwinding row of 0000
    expected 0x1111111111111111
    actual   0x4444444444444444

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
