# The base register holds something else for a moment.
frame sysv.realigned_dynamic saved= locals=64
---
.prolog
body:
mov rcx, rbx
mov rbx, rdi
mov rbx, rcx
epilog:
.epilog
---
refuted P4 (frame chain): rbx, the base register, is 0xdddddddddddddddd (rdi at entry), expected 0x2000000fff80: `mov rbx, rdi` at 001d set it
  in p4_base_meanwhile at 001d

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp                | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx                    | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  and rsp, 0xffffffffffffffc0 | ?      |
      000c  test [rsp], r11             | ?      |
      0010  sub rsp, 0x40               | ?      |
      0017  mov rbx, rsp                | ?      | rbx = 0x2000000fff80
      001a  mov rcx, rbx                | ?      | rcx = 0x2000000fff80
-->   001d  mov rbx, rdi                | ?      | rbx = 0xdddddddddddddddd (rdi at entry)

  rbx
    expected 0x00002000000fff80
    actual   0xdddddddddddddddd

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0xdddddddddddddddd r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.realigned_dynamic: base
  replay: framewright replay FILE
