# The epilog restores two registers the wrong way round.
frame sysv.native saved=rbx,r12 locals=16 outgoing=0
---
.prolog
body:
xor ebx, ebx
epilog:
add rsp, 16
pop r12
pop rbx
pop rbp
ret
---
refuted P3 (callee saves): rbx returns as 0x3333333333333333 (r12 at entry), expected 0x1111111111111111 (rbx at entry): `pop rbx` at 0019 loads it from cfa-24, which holds r12 at entry
  in swapped_pops at 001b

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push r12      | cfa-24 | [cfa-24] = 0x3333333333333333 (r12 at entry)
      0006  push rbx      | cfa-32 | [cfa-32] = 0x1111111111111111 (rbx at entry)
      0007  sub rsp, 0x10 | cfa-48 |
      000e  xor ebx, ebx  | cfa-48 | rbx = 0x0
      0010  add rsp, 0x10 | cfa-32 |
      0017  pop r12       | cfa-24 | r12 = 0x1111111111111111 (rbx at entry)
-->   0019  pop rbx       | cfa-16 | rbx = 0x3333333333333333 (r12 at entry)
      001a  pop rbp       | cfa-8  | rbp = 0x2222222222222222 (rbp at entry)
      001b  ret           | cfa    |

  rbx
    expected 0x1111111111111111
    actual   0x3333333333333333

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
