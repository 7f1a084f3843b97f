# Only the low half of xmm6 is saved; Windows wants all of it.
frame windows_x64.native saved=xmm6 locals=16 outgoing=32
---
push rbp
sub rsp, 64
movsd [rsp+48], xmm6
lea rbp, [rsp+64]
body:
mov rax, 7
movq xmm6, rax
epilog:
.epilog
---
refuted P3 (callee saves): the save slot of xmm6 is 0xbbbbbbbbbbbbbbbb9999999999999999, expected 0x9999999999999999 (xmm6 at entry): `movsd [rsp+0x30], xmm6` at 0008 wrote it
  in p3_xmm_low_half at 0011

      at    instruction            | SP     | what changed
      0000  push rbp               | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  sub rsp, 0x40          | cfa-80 |
-->   0008  movsd [rsp+0x30], xmm6 | cfa-80 | [cfa-32] = 0x9999999999999999 (low 64 bits of xmm6 at entry)
      0011  lea rbp, [rsp+0x40]    | cfa-80 | rbp = 0x2000000ffff0 (cfa-16)

  16 bytes at cfa-32
    expected 0x9999999999999999
    actual   0xbbbbbbbbbbbbbbbb9999999999999999

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x4444444444444444 rdi=0x3333333333333333 r12=0x5555555555555555 r13=0x6666666666666666 r14=0x7777777777777777 r15=0x8888888888888888 xmm6=0x9999999999999999 xmm7=0xaaaaaaaaaaaaaaaa xmm8=0xbbbbbbbbbbbbbbbb xmm9=0xcccccccccccccccc xmm10=0xdddddddddddddddd xmm11=0xeeeeeeeeeeeeeeee xmm12=0xffffffffffffffff xmm13=0x1111111111111111 xmm14=0x2222222222222222 xmm15=0x3333333333333333 mxcsr=0x1f80
  stated by: frame windows_x64.native: saves
  replay: framewright replay FILE
