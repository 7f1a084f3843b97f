# The address of a save slot goes round a loop before it is written through.
frame sysv.native saved=rbx locals=40
---
.prolog
body:
lea rcx, [rbp-24]
head:
mov [rcx], rdi
add rcx, 8
cmp rsi, 0
jne head
epilog:
.epilog
---
refuted P8 (own frame only): `mov [rcx], rdi` writes 8 bytes at cfa-24, the save slot of rbx: only cfa-64 up to cfa-24 may be written here
  in p8_through_a_join at 0013

      at    instruction         | SP     | what changed
      0000  push rbp            | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp        | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx            | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x28       | cfa-64 |
      000c  lea rcx, [rbp-0x18] | cfa-64 | rcx = 0x2000000fffd8 (cfa-40)
      0013  mov [rcx], rdi      | cfa-64 | [cfa-40] = 0x0 (rdi at entry)
      0016  add rcx, 8          | cfa-64 | rcx = 0x2000000fffe0 (cfa-32)
      001d  cmp rsi, 0          | cfa-64 |
      0024  jne 0x13            | cfa-64 |
      0013  mov [rcx], rdi      | cfa-64 | [cfa-32] = 0x0 (rdi at entry)
      0016  add rcx, 8          | cfa-64 | rcx = 0x2000000fffe8 (cfa-24)
      001d  cmp rsi, 0          | cfa-64 |
      0024  jne 0x13            | cfa-64 |
-->   0013  mov [rcx], rdi      | cfa-64 | [cfa-24] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000fffe0
    actual   0x00002000000fffe8

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x1 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
