# An array in the frame; the index is one too large.
frame sysv.native locals=64
---
.prolog
body:
cmp rdi, 9
jae epilog0
mov [rsp+rdi*8], rsi
epilog0:
.epilog
---
refuted P8 (own frame only): `mov [rsp+rdi*8], rsi` writes 8 bytes at cfa-16, the save slot of rbp: only cfa-80 up to cfa-16 may be written here
  in p8_index_unbounded at 0018

      at    instruction          | SP     | what changed
      0000  push rbp             | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp         | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x40        | cfa-80 |
      000b  cmp rdi, 9           | cfa-80 |
      0012  jae 0x1c             | cfa-80 |
-->   0018  mov [rsp+rdi*8], rsi | cfa-80 | [0x2000000ffff0] = 0x0 (rsi at entry)

  address of 8 bytes
    expected 0x00002000000fffe8
    actual   0x00002000000ffff0

  these values are the only ones (unique)
  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x8 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
