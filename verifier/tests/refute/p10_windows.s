# The codes say that xmm7 is saved 16 bytes below its slot.
frame windows_x64.native saved=rbx,xmm7 locals=16 outgoing=32
windows 01 13 05 00 0e 78 02 00 09 82 02 30 01 50 00 00
---
.prolog
body:
mov rbx, rcx
movq xmm7, rcx
epilog:
.epilog
---
refuted P10 (unwinding): the caller's xmm7 by the unwinding row of 0011 (cfa = rsp+96, return [cfa-8], rbx [cfa-24], rbp [cfa-16], xmm7 [cfa-64]) is 0xeeeeeeeeeeeeeeee, expected 0xaaaaaaaaaaaaaaaa (xmm7 at entry)
  in p10_windows at 0011

      at    instruction             | SP     | what changed                                  | unwind rule
      0000  (entry)                 | cfa-8  |                                               | cfa = rsp+8, return [cfa-8]
      0000  push rbp                | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)  | cfa = rsp+16, return [cfa-8], rbp [cfa-16]
      0001  push rbx                | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry)  | cfa = rsp+24, return [cfa-8], rbx [cfa-24], rbp [cfa-16]
      0002  sub rsp, 0x48           | cfa-96 |                                               | cfa = rsp+96, return [cfa-8], rbx [cfa-24], rbp [cfa-16]
-->   0009  movaps [rsp+0x30], xmm7 | cfa-96 | [cfa-48] = 0xaaaaaaaaaaaaaaaa (xmm7 at entry) | cfa = rsp+96, return [cfa-8], rbx [cfa-24], rbp [cfa-16], xmm7 [cfa-64]

  the caller's xmm7 by the unwinding row of 0011
    expected 0xaaaaaaaaaaaaaaaa
    actual   0xeeeeeeeeeeeeeeee

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x4444444444444444 rdi=0x3333333333333333 r12=0x5555555555555555 r13=0x6666666666666666 r14=0x7777777777777777 r15=0x8888888888888888 xmm6=0x9999999999999999 xmm7=0xaaaaaaaaaaaaaaaa xmm8=0xbbbbbbbbbbbbbbbb xmm9=0xcccccccccccccccc xmm10=0xdddddddddddddddd xmm11=0xeeeeeeeeeeeeeeee xmm12=0xffffffffffffffff xmm13=0x1111111111111111 xmm14=0x2222222222222222 xmm15=0x3333333333333333 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
