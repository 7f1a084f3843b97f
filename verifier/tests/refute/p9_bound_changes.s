# What a loop compares is made of what falls and of something that is another number each round: it need not end.
frame sysv.dynamic locals=0
---
.prolog
body:
and rax, -16
test [rsp], rax
page:
mov rdx, rax
add rdx, rsi
mov rsi, [rdi]
cmp rdx, 4096
jbe last
sub rsp, 4096
test [rsp], rax
sub rax, 4096
jmp page
last:
epilog:
.epilog
---
undecided: p9_bound_changes: P9 at 001f: it holds on every path that was tried, but not where paths join
