# Both ways of a branch go on to the same place: a round says nothing of what is compared, and SP goes down without an end.
frame sysv.dynamic saved= locals=0
---
.prolog
body:
test [rsp], rax
page:
cmp rax, 4096
jbe next
next:
sub rsp, 4096
test [rsp], rax
sub rax, 4096
test rdi, rdi
jne page
epilog:
.epilog
---
undecided: p9_both_ways: P9 at 0037: it holds on every path that was tried, but not where paths join
