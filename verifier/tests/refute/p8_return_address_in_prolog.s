frame sysv.native locals=16
---
push rbp
mov rbp, rsp
mov [rbp+8], rdi
sub rsp, 16
body:
epilog:
.epilog
---
refuted P8 (own frame only): `mov [rbp+8], rdi` writes 8 bytes at cfa-8, region return_address of frame sysv.native: only cfa-32 up to cfa-16 may be written here
  in p8_return_address_in_prolog at 0004

      at    instruction      | SP     | what changed
      0000  push rbp         | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp     | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
-->   0004  mov [rbp+8], rdi | cfa-16 | [cfa-8] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000fffe8
    actual   0x00002000000ffff8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
