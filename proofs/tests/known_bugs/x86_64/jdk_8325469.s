// JDK-8325469: an area of stack arguments was popped before the method that owns it by its descriptor was entered.
//
// convention: sysv
// judge: foreign
// expect: P1, rsp
    .intel_syntax noprefix
faulty:
    pop rax
    add rsp, 16
    push rax
    jmp rcx

fixed:
    pop rax
    push rax
    jmp rcx
