# Tier-0 keeps xmm6 among its locals, where no OSR epilog looks (runtime change 127158).
frame windows_x64.tier0 saved=rbx locals=32 outgoing=32
home context i64 -80
---
.prolog
body:
mov [rsp+64], rcx
movaps [rsp+48], xmm6
mov rax, 7
movq xmm6, rax
lea rdx, [resume0]
mov r8d, 0
mov rax, [rcx+8]
call rax
patch0:
jmp rax
resume0:
movaps xmm6, [rsp+48]
epilog:
.epilog
---
refuted P3 (callee saves): xmm6, which the frame does not save, is 0x7, expected 0x9999999999999999 (xmm6 at entry): `movq xmm6, rax` at 002b set it
  in p3_tier0_saves_xmm at 0046

      at    instruction             | SP      | what changed
      0000  push rbp                | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  push rbx                | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry)
      0002  sub rsp, 0x78           | cfa-144 |
      0009  lea rbp, [rsp+0x80]     | cfa-144 | rbp = 0x2000000ffff0 (cfa-16)
      0011  mov [rsp+0x40], rcx     | cfa-144 | [cfa-80] = 0x230000000000 (rcx at entry)
      0019  movaps [rsp+0x30], xmm6 | cfa-144 | [cfa-96] = 0x9999999999999999 (xmm6 at entry)
      0021  mov rax, 7              | cfa-144 | rax = 0x7
-->   002b  movq xmm6, rax          | cfa-144 | xmm6 = 0x7
      0030  lea rdx, [0x48]         | cfa-144 | rdx = 0x210000000048
      0037  mov r8d, 0              | cfa-144 | r8 = 0x0
      003d  mov rax, [rcx+8]        | cfa-144 | rax = 0x0
      0044  call rax                | cfa-152 | [cfa-152] = 0x210000000046, the callee's registers are anything
      0046  jmp rax                 | cfa-144 |

  xmm6
    expected 0x9999999999999999
    actual   0x0000000000000007

  entry: cfa=0x200000100000 return=0x220000000000 rcx=0x230000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x4444444444444444 rdi=0x3333333333333333 r12=0x5555555555555555 r13=0x6666666666666666 r14=0x7777777777777777 r15=0x8888888888888888 xmm6=0x9999999999999999 xmm7=0xaaaaaaaaaaaaaaaa xmm8=0xbbbbbbbbbbbbbbbb xmm9=0xcccccccccccccccc xmm10=0xdddddddddddddddd xmm11=0xeeeeeeeeeeeeeeee xmm12=0xffffffffffffffff xmm13=0x1111111111111111 xmm14=0x2222222222222222 xmm15=0x3333333333333333 mxcsr=0x1f80
  assumed: callee-abi (1×)
  assumed: patchpoint-helper (1×)
  stated by: convention windows_x64: callee_saved
  replay: framewright replay FILE
