frame sysv.native saved=rbx,r12 locals=16
---
.prolog
body:
mov ebx, 5
epilog:
add rsp, 24
pop r12
pop rbp
ret
---
refuted P3 (callee saves): rbx returns as 0x5, expected 0x1111111111111111 (rbx at entry): `mov ebx, 5` at 000e changed it and nothing restores it
  in p3_missing_restore at 001d

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push r12      | cfa-24 | [cfa-24] = 0x3333333333333333 (r12 at entry)
      0006  push rbx      | cfa-32 | [cfa-32] = 0x1111111111111111 (rbx at entry)
      0007  sub rsp, 0x10 | cfa-48 |
      000e  mov ebx, 5    | cfa-48 | rbx = 0x5
      0013  add rsp, 0x18 | cfa-24 |
      001a  pop r12       | cfa-16 |
      001c  pop rbp       | cfa-8  | rbp = 0x2222222222222222 (rbp at entry)
-->   001d  ret           | cfa    |

  rbx
    expected 0x1111111111111111
    actual   0x0000000000000005

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
