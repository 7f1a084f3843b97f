# The body goes back to the first byte with the frame still there.
frame sysv.native locals=0
---
start:
.prolog
body:
test rdi, rdi
jne start
test rsi, rsi
jne start
epilog0:
.epilog
---
unsupported: p1_round_at_entry: 0000: code that is reached in the Prolog and in the Body
