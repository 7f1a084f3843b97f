# SP is above what was saved for a moment: a signal handler may have written there.
frame sysv.native saved=rbx locals=512
---
.prolog
add rsp, 1024
sub rsp, 1024
body:
epilog:
.epilog
---
refuted P4 (frame chain): the return word of the chain is 0x2222222222222222, expected 0x220000000000 (the return address): nothing has written it
  in p3_below_sp_meanwhile at 0013

      at    instruction    | SP      | what changed
      0000  push rbp       | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp   | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx       | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x208 | cfa-544 |
      000c  add rsp, 0x400 | cfa+480 |
-->   0013  sub rsp, 0x400 | cfa-544 |

  8 bytes at cfa-8
    expected 0x0000220000000000
    actual   0x2222222222222222

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: chain
  replay: framewright replay FILE
