frame sysv.native saved=rbx locals=8
---
.prolog
body:
push rdi
call rax
pop rdi
epilog:
.epilog
---
refuted P5 (alignment): SP at the call is 0x2000000fffd8 (cfa-40), which is not a multiple of 16
  in p5_call_misaligned at 000d

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx     | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8   | cfa-32 |
      000c  push rdi     | cfa-40 | [cfa-40] = 0x0 (rdi at entry)
-->   000d  call rax     | cfa-48 | [cfa-48] = 0x21000000000f, the callee's registers are anything

  rsp
    expected 0x00002000000fffd0
    actual   0x00002000000fffd8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: convention sysv: stack_align
  replay: framewright replay FILE
