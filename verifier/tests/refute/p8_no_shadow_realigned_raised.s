# Room enough, but not where the callee looks for it.
frame windows_x64.realigned locals=0 outgoing=32
---
.prolog
body:
add rsp, 16
call rax
sub rsp, 16
epilog:
.epilog
---
refuted P8 (own frame only): the callee's 32 bytes of shadow space are not in the outgoing area
  in p8_no_shadow_realigned_raised at 001a

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  lea rbp, [rsp]              | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0005  and rsp, 0xffffffffffffffc0 | ?      |
      000c  sub rsp, 0x40               | ?      |
      0013  add rsp, 0x10               | ?      |
-->   001a  call rax                    | ?      | [0x2000000fff88] = 0x21000000001c, the callee's registers are anything

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rsi=0x4444444444444444 rdi=0x3333333333333333 r12=0x5555555555555555 r13=0x6666666666666666 r14=0x7777777777777777 r15=0x8888888888888888 xmm6=0x9999999999999999 xmm7=0xaaaaaaaaaaaaaaaa xmm8=0xbbbbbbbbbbbbbbbb xmm9=0xcccccccccccccccc xmm10=0xdddddddddddddddd xmm11=0xeeeeeeeeeeeeeeee xmm12=0xffffffffffffffff xmm13=0x1111111111111111 xmm14=0x2222222222222222 xmm15=0x3333333333333333 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: claim
  replay: framewright replay FILE
