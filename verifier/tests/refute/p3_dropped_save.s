# rbx is in the claim but the prolog pushes something else in its place.
frame sysv.native saved=rbx locals=8
---
push rbp
mov rbp, rsp
push rax
sub rsp, 8
body:
mov ebx, 5
epilog:
.epilog
---
refuted P3 (callee saves): the save slot of rbx is 0xdddddddddddddddd (rax at entry), expected 0x1111111111111111 (rbx at entry): `push rax` at 0004 wrote it
  in p3_dropped_save at 0005

      at    instruction  | SP     | what changed
      0000  push rbp     | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
-->   0004  push rax     | cfa-24 | [cfa-24] = 0xdddddddddddddddd (rax at entry)
      0005  sub rsp, 8   | cfa-32 |

  8 bytes at cfa-24
    expected 0x1111111111111111
    actual   0xdddddddddddddddd

  entry: cfa=0x200000100000 return=0x220000000000 rax=0xdddddddddddddddd rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: saves
  replay: framewright replay FILE
