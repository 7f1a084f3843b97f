# The second local's offset is odd, and a flag took its low bit: both are said to be in one slot (runtime issue 68194).
frame sysv.tier0 saved=rbx locals=32 outgoing=0
home local0 i32 -72
home local1 i32 -72
---
.prolog
body:
patch0:
jmp rax
resume0:
epilog:
.epilog
---
refuted P12 (state map): the homes of Local(0) and Local(1) overlap at cfa-72
  in p12_offset_with_flag at 000c

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: frame sysv.tier0: state map
  replay: framewright replay FILE
