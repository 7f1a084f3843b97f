# An OSR method below the kept tier-0 frame: at its first byte tier-0's rules hold.
frame sysv.osr saved=r12,r15 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 r15
---
.cfi_def_cfa rbp, 16
.cfi_offset rbp, -16
.cfi_offset rbx, -24
push [rbp+8]
push [rbp]
sub rsp, 32
mov [rsp+104], r12
mov [rsp+112], r15
.cfi_offset r12, -40
.cfi_offset r15, -32
lea rbp, [rsp+32]
.cfi_def_cfa_offset 112
mov r12, [rsp+80]
mov r15d, [rsp+72]
body:
epilog:
add rsp, 104
pop r12
pop r15
pop rbx
pop rbp
.cfi_def_cfa rsp, 8
ret
---
proven: 14 instructions
  P1 stack balance: 2
  P2 return: 3
  P3 callee saves: 18
  P4 frame chain: 9
  P6 nothing below SP: 13
  P7 clobbers: 4
  P8 own frame only: 4
  P10 unwinding: 112
  P12 state map: 2
  P13 scratch set: 45
  P14 encodable: 1
  P15 control bits: 6
  assumed: osr-entry (1×)
