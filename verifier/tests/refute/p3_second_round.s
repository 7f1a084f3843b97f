# Right when the loop is left at once, wrong after a round: the register is written on the way back only.
frame sysv.native saved= locals=0
---
.prolog
body:
head:
test rdi, rdi
je epilog
mov rbx, rdi
jmp head
epilog:
.epilog
---
undecided: p3_second_round: P3 at 0016: it holds on every path that was tried, but not where paths join
