# A number stored where it leads to.
frame windows_x64.dynamic locals=64 outgoing=32
---
.prolog
body:
mov [rax+8], 5
epilog:
.epilog
---
refuted P7 (clobbers): the body reads rax at 000c, which the prolog's probes have overwritten
  in p7_junk_base at 0005

      at    instruction    | SP      | what changed
      0000  push rbp       | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  lea rbp, [rsp] | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
-->   0005  sub rsp, 0x60  | cfa-112 |

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x4444444444444444 rdi=0x3333333333333333 r12=0x5555555555555555 r13=0x6666666666666666 r14=0x7777777777777777 r15=0x8888888888888888 xmm6=0x9999999999999999 xmm7=0xaaaaaaaaaaaaaaaa xmm8=0xbbbbbbbbbbbbbbbb xmm9=0xcccccccccccccccc xmm10=0xdddddddddddddddd xmm11=0xeeeeeeeeeeeeeeee xmm12=0xffffffffffffffff xmm13=0x1111111111111111 xmm14=0x2222222222222222 xmm15=0x3333333333333333 mxcsr=0x1f80
  assumed: heap-store (1×)
  stated by: claim
  replay: framewright replay FILE
