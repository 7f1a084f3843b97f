// dotnet/runtime 84000: a small local was loaded at full width from tier-0's slot, whose upper bits are stale.
//
// convention: sysv
// judge: claim
// expect: P12, Local(0)
// source: sysv.tier0 saved=rbx locals=32 outgoing=0
// home: context i64 -64
// home: local0 i32 -72
// frame: sysv.osr saved=r12,r15 locals=24 outgoing=0
// transition: sysv.ryujit
// state: context i64 r12
// faulty.state: context i64 r12
// faulty.state: local0 i64 r15
// fixed.state: context i64 r12
// fixed.state: local0 i32 r15
    .intel_syntax noprefix
source:
    push rbp
    mov rbp, rsp
    push rbx
    sub rsp, 72
source.body:
    mov [rbp - 48], rdi
    mov [rbp - 56], rsi
    mov ebx, 7
    lea rcx, [rip + source.resume]
    xor edx, edx
    mov rax, [rdi + 8]
    call rax
source.patch:
    jmp rax
source.resume:
source.epilog:
    add rsp, 72
    pop rbx
    pop rbp
    ret

faulty:
    push qword ptr [rbp + 8]
    push qword ptr [rbp]
    sub rsp, 32
    mov [rsp + 112], r15
    mov [rsp + 104], r12
    lea rbp, [rsp + 32]
    mov r12, [rsp + 80]
    mov r15, [rsp + 72]
faulty.body:
faulty.epilog:
    add rsp, 104
    pop r12
    pop r15
    pop rbx
    pop rbp
    ret

fixed:
    push qword ptr [rbp + 8]
    push qword ptr [rbp]
    sub rsp, 32
    mov [rsp + 112], r15
    mov [rsp + 104], r12
    lea rbp, [rsp + 32]
    mov r12, [rsp + 80]
    mov r15d, [rsp + 72]
fixed.body:
fixed.epilog:
    add rsp, 104
    pop r12
    pop r15
    pop rbx
    pop rbp
    ret
