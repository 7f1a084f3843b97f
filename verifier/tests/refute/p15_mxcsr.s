frame sysv.native locals=16
---
.prolog
body:
ldmxcsr [rdi]
epilog:
.epilog
---
refuted P15 (control bits): control bits of mxcsr is 0x0, expected 0x1f80: `ldmxcsr [rdi]` at 000b set it
  in p15_mxcsr at 000b

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10 | cfa-32 |
-->   000b  ldmxcsr [rdi] | cfa-32 | mxcsr = 0x0

  mxcsr & 0xffc0
    expected 0x0000000000001f80
    actual   0x0000000000000000

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x230000000000 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: control_bits
  replay: framewright replay FILE
