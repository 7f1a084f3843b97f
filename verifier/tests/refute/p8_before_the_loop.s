# Control comes to the middle of a loop that lowers SP, too, with other registers: it is none of one way in.
frame sysv.dynamic saved= locals=0
---
.prolog
body:
mov rcx, rbp
mov eax, 8192
test [rsp], rax
page:
cmp rax, 4096
jbe last
landing0:
test [rsp], rax
mov [rcx], rdi
sub rsp, 4096
test [rsp], rax
sub rax, 4096
jmp page
last:
ud2
---
refuted P8 (own frame only): `mov [rcx], rdi` writes 8 bytes at cfa-16, the save slot of rbp: nothing of the frame may be written here
  in p8_before_the_loop at 0021

      at    instruction     | SP     | what changed
      0000  push rbp        | cfa-16 | [cfa-16] = 0x2222222222222222 (rbp at entry)
      0001  mov rbp, rsp    | cfa-16 | rbp = 0x2000000ffff0 (cfa-16)
      0004  mov rcx, rbp    | cfa-16 | rcx = 0x2000000ffff0 (cfa-16)
      0007  mov eax, 0x2000 | cfa-16 | rax = 0x2000
      000c  test [rsp], rax | cfa-16 |
      0010  cmp rax, 0x1000 | cfa-16 |
      0017  jbe 0x3b        | cfa-16 |
      001d  test [rsp], rax | cfa-16 |
-->   0021  mov [rcx], rdi  | cfa-16 | [cfa-16] = 0x0 (rdi at entry)

  address of 8 bytes
    expected 0x00002000000ffff0
    actual   0x00002000000ffff0

  entry: cfa=0x200000100000 return=0x220000000000 rbx=0x1111111111111111 rsp=0x2000000ffff8 rbp=0x2222222222222222 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: regions
  replay: framewright replay FILE
