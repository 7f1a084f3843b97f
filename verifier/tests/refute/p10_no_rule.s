# rbx is changed and no rule says where its value is.
frame sysv.native saved=rbx locals=8
---
push rbp
.cfi_def_cfa_offset 16
mov rbp, rsp
.cfi_def_cfa_register rbp
.cfi_offset rbp, -16
push rbx
sub rsp, 8
body:
mov rdi, [rdi]
mov rbx, rdi
mov rax, rbx
epilog:
add rsp, 8
pop rbx
pop rbp
.cfi_def_cfa rsp, 8
ret
---
refuted P10 (unwinding): the caller's rbx by the unwinding row of 0012 (cfa = rbp+16, return [cfa-8], rbp [cfa-16]) is 0xbbbbbbbbbbbbbbbb, expected 0x1111111111111111 (rbx at entry)
  in p10_no_rule at 0012

      at    instruction    | SP     | what changed                                 | unwind rule
      0000  (entry)        | cfa-8  |                                              | cfa = rsp+8, return [cfa-8]
      0000  push rbp       | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry) | cfa = rsp+16, return [cfa-8]
      0001  mov rbp, rsp   | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)                | cfa = rbp+16, return [cfa-8], rbp [cfa-16]
      0004  push rbx       | cfa-24 | [cfa-24] = 0x1111111111111111 (rbx at entry) | ″
      0005  sub rsp, 8     | cfa-32 |                                              | ″
      000c  mov rdi, [rdi] | cfa-32 | rdi = 0xbbbbbbbbbbbbbbbb                     | ″
-->   000f  mov rbx, rdi   | cfa-32 | rbx = 0xbbbbbbbbbbbbbbbb                     | ″

  the caller's rbx by the unwinding row of 0012
    expected 0x1111111111111111
    actual   0xbbbbbbbbbbbbbbbb

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 rdi=0x230000000000 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: claim: unwind
  replay: framewright replay FILE
