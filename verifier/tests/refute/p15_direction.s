frame native locals=16
---
.prolog
body:
std
call rax
cld
epilog:
.epilog
---
unsupported: p15_direction: 000b: no row for the meaning of `std`
