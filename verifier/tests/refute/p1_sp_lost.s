# The epilog pops one word too many.
frame sysv.native saved=rbx locals=24 outgoing=0
---
.prolog
body:
epilog:
add rsp, 40
pop rbp
add rsp, 8
ret
---
refuted P1 (stack balance): SP after the return is 0x200000100010 (cfa+16), expected 0x200000100000 (cfa): `ret` at 001b leaves it so
  in p1_sp_lost at 001b

      at    instruction   | SP     | what changed
      0000  push rbp      | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp  | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx      | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x18 | cfa-48 |
      000c  add rsp, 0x28 | cfa-8  |
      0013  pop rbp       | cfa    | rbp = 0x220000000000 (the return address)
      0014  add rsp, 8    | cfa+8  |
-->   001b  ret           | cfa+16 |

  rsp
    expected 0x0000200000100000
    actual   0x0000200000100010

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.native: stack balance
  replay: framewright replay FILE
