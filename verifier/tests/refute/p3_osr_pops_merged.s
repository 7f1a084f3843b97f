# One ascending run of pops instead of two groups: the extra register and tier-0's change places.
frame sysv.osr saved=r12 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i32 dead
---
.prolog
mov r12, [rsp+80]
body:
epilog:
add rsp, 112
pop rbx
pop r12
pop rbp
ret
---
refuted P3 (callee saves): rbx returns as 0x3333333333333333 (r12 at entry), expected 0x1111111111111111 (rbx at entry): `pop rbx` at 0032 loads it from cfa-32, which holds r12 at entry
  in p3_osr_pops_merged at 0036

      at    instruction            | SP      | what changed
      0000  push qword ptr [rbp+8] | cfa-104 | [cfa-104] = 0x220000000000 (the return address)
      0006  push qword ptr [rbp]   | cfa-112 | [cfa-112] = 0x2222222222222222 (rbp at entry)
      000c  sub rsp, 0x20          | cfa-144 |
      0013  mov [rsp+0x70], r12    | cfa-144 | [cfa-32] = 0x3333333333333333 (r12 at entry)
      001b  lea rbp, [rsp+0x20]    | cfa-144 | rbp = 0x2000000fff90 (cfa-112)
      0023  mov r12, [rsp+0x50]    | cfa-144 | r12 = 0x1111111111111111 (state value 0)
      002b  add rsp, 0x70          | cfa-32  |
-->   0032  pop rbx                | cfa-24  | rbx = 0x3333333333333333 (r12 at entry)
      0033  pop r12                | cfa-16  | r12 = 0x1111111111111111 (rbx at entry)
      0035  pop rbp                | cfa-8   | rbp = 0x2222222222222222 (rbp at entry)
      0036  ret                    | cfa     |

  rbx
    expected 0x1111111111111111
    actual   0x3333333333333333

  entry: cfa=0x200000100000 return=0x220000000000 rax=0x210000000000 rsp=0x2000000fffa0 rbp=0x2000000ffff0 r12=0x3333333333333333 r13=0x4444444444444444 r14=0x5555555555555555 r15=0x6666666666666666 mxcsr=0x1f80
  stated by: convention sysv: callee_saved
  replay: framewright replay FILE
