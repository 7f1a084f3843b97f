# FP is used as a scratch register around a call.
frame sysv.native saved=rbx locals=8
---
.prolog
body:
mov rbx, rbp
mov rbp, rdi
call rax
mov rbp, rbx
epilog:
.epilog
---
refuted P4 (frame chain): FP in the body is 0xdddddddddddddddd (rdi at entry), expected 0x2000000ffff0 (cfa-16): `mov rbp, rdi` at 000f set it
  in p4_fp_moved at 0012

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8   | cfa-32 |
      000c  mov rbx, rbp | cfa-32 | rbx = 0x2000000ffff0 (cfa-16)
-->   000f  mov rbp, rdi | cfa-32 | rbp = 0xdddddddddddddddd (rdi at entry)
      0012  call rax     | cfa-40 | [cfa-40] = 0x210000000014, the callee's registers are anything

  rbp
    expected 0x00002000000ffff0
    actual   0xdddddddddddddddd

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: frame sysv.native: saved FP
  replay: framewright replay FILE
