# A jump that ignores the lowest bit of its target.
frame lp64d.native locals=0
---
.prolog
body:
sltiu t0, a1, 2
beq t0, zero, other
slli t0, a1, 2
here:
auipc t1, %pcrel_hi(table0)
addi t1, t1, %pcrel_lo(here)
add t0, t0, t1
lw t0, 0(t0)
add t0, t0, t1
jump0:
jr t0
one:
addi a0, zero, 1
jal zero, epilog
two:
addi a0, zero, 2
other:
epilog:
.epilog
data:
table0:
.word one - table0
.word two - table0
---
proven: 20 instructions
  P1 stack balance: 4
  P2 return: 7
  P3 callee saves: 120
  P4 frame chain: 9
  P6 nothing below SP: 4
  P7 clobbers: 20
  P8 own frame only: 2
  P13 scratch set: 58
  P14 encodable: 1
  P15 control bits: 5
  assumed: code-alignment (1×)
  assumed: return-address (1×)
