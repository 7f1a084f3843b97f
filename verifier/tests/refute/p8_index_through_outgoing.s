# A callee may write what its caller has put among the outgoing arguments.
frame sysv.native locals=64 outgoing=16
---
.prolog
body:
mov [rsp], 0
call rax
mov rcx, [rsp]
mov [rsp+rcx*8], rdi
epilog:
.epilog
---
refuted P6 (nothing below SP): `mov [rsp+rcx*8], rdi` writes 8 bytes at cfa+2459565876494606784, the caller's frame: nothing below cfa-224 is safe from a signal
  in p8_index_through_outgoing at 0019

      at    instruction            | SP      | what changed
      0000  push rbp               | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp           | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)
      0004  sub rsp, 0x50          | cfa-96  |
      000b  mov qword ptr [rsp], 0 | cfa-96  | [cfa-96] = 0x0
      0013  call rax               | cfa-104 | [cfa-104] = 0x210000000015, the callee's registers are anything
      0015  mov rcx, [rsp]         | cfa-96  | rcx = 0x4444444444444444
-->   0019  mov [rsp+rcx*8], rdi   | cfa-96  | [0x22224222223221c0] = 0x0

  address of 8 bytes
    expected 0x00002100000ffff8
    actual   0x22224222223221c0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  assumed: callee-abi (1×)
  stated by: red_zone
  replay: framewright replay FILE
