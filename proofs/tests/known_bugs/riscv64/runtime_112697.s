// dotnet/runtime 112697: frames of any size were made without a probe; the code that was meant to do it was never called.
//
// convention: lp64d
// judge: claim
// expect: P9, SP in the body is cfa-9024, 9008 bytes below cfa-16
// frame: lp64d.probed saved= locals=9008 outgoing=0
faulty:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    mv s0, sp
    lui t0, 2
    addiw t0, t0, 816
    sub sp, sp, t0
faulty.body:
    sd a0, 0(sp)
faulty.epilog:
    mv sp, s0
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 16
    ret

fixed:
    addi sp, sp, -16
    sd ra, 8(sp)
    sd s0, 0(sp)
    mv s0, sp
    lui t1, 1
    sub sp, sp, t1
    sd t1, 0(sp)
    sub sp, sp, t1
    sd t1, 0(sp)
    addi sp, sp, -816
fixed.body:
    sd a0, 0(sp)
fixed.epilog:
    mv sp, s0
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 16
    ret
