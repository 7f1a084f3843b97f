# After `add rsp` the slots lie more than a red zone below SP: a signal handler may overwrite them.
frame sysv.native saved=rbx locals=152
---
push rbp
.cfi_def_cfa_offset 16
.cfi_offset rbp, -16
mov rbp, rsp
.cfi_def_cfa_register rbp
push rbx
sub rsp, 152
.cfi_offset rbx, -24
body:
mov rbx, rdi
mov rax, rbx
epilog:
add rsp, 152
pop rbx
.cfi_offset rbx, -168
pop rbp
.cfi_def_cfa rsp, 8
ret
---
refuted P10 (unwinding): the caller's rbx by the unwinding row of 001a (cfa = rbp+16, return [cfa-8], rbx [cfa-168], rbp [cfa-16]) is 0xcccccccccccccccc, expected 0x1111111111111111 (rbx at entry)
  in p10_below_red_zone at 001a

      at    instruction   | SP      | what changed                                 | unwind rule
      0000  (entry)       | cfa-8   |                                              | cfa = rsp+8, return [cfa-8]
      0000  push rbp      | cfa-16  | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8], rbp [cfa-16]
      0001  mov rbp, rsp  | cfa-16  | rbp = 0x2000000ffff0 (cfa-16)                | cfa = rbp+16, return [cfa-8], rbp [cfa-16]
      0004  push rbx      | cfa-24  | [cfa-24] = 0x1111111111111111 (rbx at entry) | ″
      0005  sub rsp, 0x98 | cfa-176 |                                              | cfa = rbp+16, return [cfa-8], rbx [cfa-24], rbp [cfa-16]
      000c  mov rbx, rdi  | cfa-176 | rbx = 0x0 (rdi at entry)                     | ″
      000f  mov rax, rbx  | cfa-176 | rax = 0x0 (rdi at entry)                     | ″
      0012  add rsp, 0x98 | cfa-24  |                                              | ″
-->   0019  pop rbx       | cfa-16  | rbx = 0x1111111111111111 (rbx at entry)      | cfa = rbp+16, return [cfa-8], rbx [cfa-168], rbp [cfa-16]

  the caller's rbx by the unwinding row of 001a
    expected 0x1111111111111111
    actual   0xcccccccccccccccc

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
