# A loop of the prolog zeroes the locals, and goes on to where rbx was saved. The last round only leaves.
frame sysv.probed saved=rbx locals=64
---
.prolog
mov r11, rsp
zero:
cmp r11, rbp
je body
mov [r11], 0
add r11, 8
jmp zero
body:
epilog:
.epilog
---
refuted P3 (callee saves): the save slot of rbx is 0x0, expected 0x1111111111111111 (rbx at entry): `mov qword ptr [r11], 0` at 0018 wrote it
  in p3_zeroing_past_the_locals at 0012

      at    instruction            | SP     | what changed
      0000  push rbp               | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp           | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  push rbx               | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0005  sub rsp, 0x48          | cfa-96 |
      000c  mov r11, rsp           | cfa-96 | r11 = 0x2000000fffa0 (cfa-96)
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-96] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffa8 (cfa-88)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-88] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffb0 (cfa-80)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-80] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffb8 (cfa-72)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-72] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffc0 (cfa-64)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-64] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffc8 (cfa-56)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-56] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffd0 (cfa-48)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-48] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffd8 (cfa-40)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-40] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffe0 (cfa-32)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
      0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-32] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000fffe8 (cfa-24)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |
-->   0018  mov qword ptr [r11], 0 | cfa-96 | [cfa-24] = 0x0
      001f  add r11, 8             | cfa-96 | r11 = 0x2000000ffff0 (cfa-16)
      0026  jmp 0xf                | cfa-96 |
      000f  cmp r11, rbp           | cfa-96 |
      0012  je 0x2b                | cfa-96 |

  8 bytes at cfa-24
    expected 0x1111111111111111
    actual   0x0000000000000000

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: frame sysv.probed: saves
  replay: framewright replay FILE
