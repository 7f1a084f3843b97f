# The transition leaves the right frame, but leads to another one.
frame sysv.osr saved= locals=24 outgoing=0
transition sysv.ryujit_unwind
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 dead
state local0 i32 dead
---
.prolog
body:
epilog:
.epilog
---
refuted P12 (state map): transition sysv.ryujit_unwind goes from sysv.tier0 to sysv.osr_unwind, not from sysv.tier0 to sysv.osr
  in p12_other_transition at 0000

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: frame sysv.osr: state map
  replay: framewright replay FILE
