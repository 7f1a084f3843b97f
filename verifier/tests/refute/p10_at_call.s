# Synchronous data that is wrong in the callee: the row is looked up one byte before the return address.
frame sysv.native saved=rbx locals=8
unwind synchronous
---
push rbp
mov rbp, rsp
push rbx
sub rsp, 8
body:
mov rbx, rdi
call rbx
.cfi_def_cfa rbp, 16
.cfi_offset rbp, -16
.cfi_offset rbx, -24
mov rax, rbx
epilog:
.epilog
---
refuted P10 (unwinding): the CFA by the unwinding row of 0010 (cfa = rsp+8, return [cfa-8]) is 0x2000000fffe8 (cfa-24), expected 0x200000100000 (cfa)
  in p10_at_call at 000f

      at    instruction  | SP     | what changed                                                   | unwind rule
      0000  (entry)      | cfa-8  |                                                                | cfa = rsp+8, return [cfa-8]
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)                   | ″
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)                                  | ″
      0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)                   | ″
      0005  sub rsp, 8   | cfa-32 |                                                                | ″
      000c  mov rbx, rdi | cfa-32 | rbx = 0x0 (rdi at entry)                                       | ″
-->   000f  call rbx     | cfa-40 | [cfa-40] = 0x210000000011, the callee's registers are anything | ″

  the CFA by the unwinding row of 0010
    expected 0x0000200000100000
    actual   0x00002000000fffe8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: claim: unwind
  replay: framewright replay FILE
