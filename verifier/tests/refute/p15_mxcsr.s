frame native locals=16
---
.prolog
body:
ldmxcsr [rdi]
epilog:
.epilog
---
unsupported: p15_mxcsr: 000b: no row for the meaning of `ldmxcsr [rdi]`
