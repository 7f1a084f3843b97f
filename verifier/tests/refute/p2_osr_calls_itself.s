# An OSR method is entered by a transition: no call finds what it starts from.
frame sysv.osr saved=r12,r15 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 r15
---
start:
.prolog
mov r12, [rsp+80]
mov r15d, [rsp+72]
body:
call start
epilog:
.epilog
---
unsupported: p2_osr_calls_itself: 003b: a call into the middle of code
