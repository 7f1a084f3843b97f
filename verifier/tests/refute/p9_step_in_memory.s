# What a loop subtracts is in memory, and 0 after the first round.
frame sysv.dynamic locals=0
---
.prolog
body:
test [rsp], rax
mov [rbp-8], -4096
page:
cmp rax, 4096
jbe last
sub rsp, 4096
test [rsp], rax
add rax, [rbp-8]
mov [rbp-8], 0
jmp page
last:
epilog:
.epilog
---
undecided: p9_step_in_memory: P9 at 001a: it holds on every path that was tried, but not where paths join
