# An index that is kept below SP: only what is in memory changes from round to round.
frame sysv.native locals=64
---
.prolog
body:
mov [rsp-8], 0
head:
mov rcx, [rsp-8]
mov [rsp+rcx*8], rdi
add rcx, 1
mov [rsp-8], rcx
test rdi, rdi
jne head
epilog:
.epilog
---
undecided: p8_index_in_red_zone: P8 at 001f: it holds on every path that was tried, but not where paths join
