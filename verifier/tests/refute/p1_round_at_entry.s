# The body goes back to the first byte with the frame still there; the call makes it no loop of the prolog.
frame sysv.native locals=0
---
start:
.prolog
body:
call rax
test rdi, rdi
jne start
epilog0:
.epilog
---
unsupported: p1_round_at_entry: 0000: code that is reached in the Prolog and in the Body
