# SP is taken from a register that only happens to hold it.
frame sysv.native locals=0
---
.prolog
body:
mov rsp, rdi
epilog:
.epilog
---
refuted P1 (stack balance): SP is 0xdddddddddddddddd (rdi at entry), expected 0x2000000ffff0 (cfa-16): `mov rsp, rdi` at 0004 leaves it so
  in p1_sp_symbolic at 0004

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
-->   0004  mov rsp, rdi | ?      |

  rsp
    expected 0x00002000000ffff0
    actual   0xdddddddddddddddd

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: stack balance
  replay: framewright replay FILE
