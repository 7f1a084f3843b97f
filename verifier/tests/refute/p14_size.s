# Prolog and epilog agree with each other, but not with the claim.
frame sysv.native saved=rbx locals=1000
---
push rbp
mov rbp, rsp
push rbx
sub rsp, 232
body:
epilog:
add rsp, 232
pop rbx
pop rbp
ret
---
refuted P14 (encodable): SP in the body is 0x2000000fff00 (cfa-256), expected 0x2000000ffc00 (cfa-1024): `sub rsp, 0xe8` at 0005 leaves it so
  in p14_size at 0005

      at    instruction   | SP      | what changed
      0000  push rbp      | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx      | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
-->   0005  sub rsp, 0xe8 | cfa-256 |

  rsp
    expected 0x00002000000ffc00
    actual   0x00002000000fff00

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: total size
  replay: framewright replay FILE
