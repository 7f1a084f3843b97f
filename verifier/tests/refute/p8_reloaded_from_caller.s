# An index is checked, and read again from the caller's frame, which is not ours.
frame sysv.native locals=64
---
.prolog
body:
mov rcx, [rbp+16]
cmp rcx, 8
jae epilog0
call rax
mov rcx, [rbp+16]
mov [rsp+rcx*8], rdi
epilog0:
.epilog
---
undecided: p8_reloaded_from_caller: P8 at 0028: it holds on every path that was tried, but not where paths join
