frame sysv.tier0 saved=rbx locals=32
home context i64 -64
home local0 i32 -68
---
.prolog
body:
epilog:
.epilog
---
refuted P12 (state map): the homes of Local(0) and Context overlap at cfa-64
  in p12_overlapping_homes at 0000

      at    instruction | SP | what changed

  entry: cfa=0x200000100000 return=0x220000000000
  stated by: frame sysv.tier0: state map
  replay: framewright replay FILE
