# The target takes the local for 64 bits.
frame sysv.osr saved=r12,r15 locals=24 outgoing=0
source tier0_loop.s saved=rbx locals=32 outgoing=0
state context i64 r12
state local0 i64 r15
---
.prolog
mov r12, [rsp+80]
mov r15, [rsp+72]
body:
epilog:
.epilog
---
refuted P12 (state map): entry 1 is Local(0) I32 at the patchpoint and Local(0) I64 in the target
  in p12_lists_differ at 0000

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: frame sysv.osr: state map
  replay: framewright replay FILE
