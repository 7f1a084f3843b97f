# The OSR method was compiled for a tier-0 frame that saves another register.
frame sysv.osr saved=r15 locals=24 outgoing=0
source tier0_loop.s saved=r12 locals=32 outgoing=0
state context i64 r15
state local0 i32 dead
---
.prolog
mov r15, [rsp+80]
body:
epilog:
.epilog
---
refuted P12 (state map): the claim's source shape is not that of the source
  in p12_source_shape at 0000

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: frame sysv.osr: state map
  replay: framewright replay FILE
