# The bound is one too large.
frame sysv.native locals=0
---
.prolog
body:
cmp esi, 3
ja epilog0
mov eax, esi
lea rcx, [table0]
movsxd rdx, [rcx+rax*4]
add rdx, rcx
jump0:
jmp rdx
one:
mov eax, 1
epilog0:
.epilog
data:
table0:
.entry one - table0
.entry one - table0
.entry one - table0
---
refuted P2 (return): the jump table at 0029 is read past the end
  in p2_table_bound at 0020

      at    instruction             | SP     | what changed
      0000  push rbp                | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp            | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  cmp esi, 3              | cfa-16 |
      000a  ja 0x27                 | cfa-16 |
      0010  mov eax, esi            | cfa-16 | rax = 0x3
      0012  lea rcx, [0x29]         | cfa-16 | rcx = 0x210000000029
      0019  movsxd rdx, [rcx+rax*4] | cfa-16 | rdx = 0x0
      001d  add rdx, rcx            | cfa-16 | rdx = 0x210000000029
-->   0020  jmp rdx                 | cfa-16 |

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x3 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim
  replay: framewright replay FILE
