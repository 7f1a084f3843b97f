frame sysv.native locals=16
---
.prolog
body:
std
call rax
cld
epilog:
.epilog
---
refuted P15 (control bits): control bits of df is 0x1, expected 0x0 (df at entry): `std` at 000b set it
  in p15_direction at 000c

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
-->   000b  std           | cfa-32 | df = 0x1
      000c  call rax      | cfa-40 | [cfa-40] = 0x21000000000e, the callee's registers are anything

  df
    expected 0x0000000000000000
    actual   0x0000000000000001

  these values are the only ones (unique)
  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: convention sysv: control_bits
  replay: framewright replay FILE
