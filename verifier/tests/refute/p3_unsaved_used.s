# r13 is used and saved nowhere, on one of two paths.
frame sysv.native saved=rbx locals=8
---
.prolog
body:
test rdi, rdi
je skip
mov r13, rdi
skip:
epilog:
.epilog
---
refuted P3 (callee saves): r13, which the frame does not save, is 0x1 (rdi at entry), expected 0x4444444444444444 (r13 at entry): `mov r13, rdi` at 0015 set it
  in p3_unsaved_used at 0015

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx      | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 8    | cfa-32 |
      000c  test rdi, rdi | cfa-32 |
      000f  je 0x18       | cfa-32 |
-->   0015  mov r13, rdi  | cfa-32 | r13 = 0x1 (rdi at entry)

  r13
    expected 0x4444444444444444
    actual   0x0000000000000001

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x1 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
