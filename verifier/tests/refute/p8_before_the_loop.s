# Control comes to the middle of a loop that lowers SP, too, with other registers: it is none of one way in.
frame sysv.dynamic saved= locals=0
---
.prolog
body:
mov rcx, rbp
and rax, -16
test [rsp], rax
page:
cmp rax, 4096
jbe last
landing0:
mov [rcx], rdi
sub rsp, 4096
test [rsp], rax
sub rax, 4096
jmp page
last:
ud2
---
refuted P8 (own frame only): `mov [rcx], rdi` writes 8 bytes at cfa-16, the save slot of rbp: nothing of the frame may be written here
  in p8_before_the_loop at 001f

      at    instruction                 | SP     | what changed
      0000  push rbp                    | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp                | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  mov rcx, rbp                | cfa-16 | rcx = 0x2000000ffff0 (cfa-16)
      0007  and rax, 0xfffffffffffffff0 | cfa-16 | rax = 0x10000000000
      000e  test [rsp], rax             | cfa-16 |
      0012  cmp rax, 0x1000             | cfa-16 |
      0019  jbe 0x39                    | cfa-16 |
-->   001f  mov [rcx], rdi              | cfa-16 | [cfa-16] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000ffff0
    actual   0x00002000000ffff0

  entry: cfa=0x200000100000 return=0x220000000000 rax=0x10000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
