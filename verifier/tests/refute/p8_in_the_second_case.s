# A store that is right for the first entry of a table, and is what the second leads to.
frame sysv.native locals=16
---
.prolog
body:
cmp esi, 2
jae epilog
mov eax, esi
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
jump0:
jmp rdx
one:
jmp epilog
two:
mov [rsp+rax*8+8], rdi
jmp epilog
epilog:
.epilog
data:
table0:
.entry one - table0
.entry two - table0
---
refuted P8 (own frame only): `mov [rsp+rax*8+8], rdi` writes 8 bytes at cfa-16, the save slot of rbp: only cfa-32 up to cfa-16 may be written here
  in p8_in_the_second_case at 002e

      at    instruction             | SP     | what changed
      0000  push rbp                | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp            | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x10           | cfa-32 |
      000b  cmp esi, 2              | cfa-32 |
      0011  jae 0x3b                | cfa-32 |
      0017  mov eax, esi            | cfa-32 | rax = 0x1
      0019  lea rcx, [0x44]         | cfa-32 | rcx = 0x210000000044
      0020  movsxd rdx, [rcx+rax*4] | cfa-32 | rdx = 0x0
      0024  add rdx, rcx            | cfa-32 | rdx = 0x210000000044
      0027  jmp rdx                 | cfa-32 |
-->   002e  mov [rsp+rax*8+8], rdi  | cfa-32 | [0x2000000ffff0] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000fffe8
    actual   0x00002000000ffff0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x1 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
