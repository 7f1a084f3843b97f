# A jump into an instruction that is also gone through.
frame sysv.native locals=0
---
.prolog
body:
test rdi, rdi
.byte 0x74, 0x01
mov eax, 144
epilog0:
.epilog
---
unsupported: p2_overlap: 000a: an instruction that starts inside another
