// dotnet/runtime 123307: the OSR method was entered with tier-0's temporary in s1 and gave it to the caller. The return address came back.
//
// convention: lp64d
// judge: pair
// expect: P3, OSR method, s1
// transition: ryujit
// frame-bytes: 64
// callee-saves: s1
// slots: -56
// patchpoint: 7
source.tier0:
    addi sp, sp, -64
    sd ra, 24(sp)
    sd s0, 16(sp)
    sd s1, 32(sp)
    addi s0, sp, 16
    beqz a1, 1f
    mv s1, a0
    addi a0, sp, 8
    li a1, 7
    jalr ra, a2
    jr a0
1:  ld s1, 32(sp)
    ld ra, 24(sp)
    ld s0, 16(sp)
    addi sp, sp, 64
    ret

faulty.osr:
    ld ra, 8(s0)
    ld s0, 0(s0)
    addi sp, sp, -32
    sd ra, 8(sp)
    sd s0, 0(sp)
    sd s1, 16(sp)
    mv s0, sp
    mv s1, a1
    ld s1, 16(sp)
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 96
    ret

fixed.osr:
    ld s1, 16(s0)
    ld ra, 8(s0)
    ld s0, 0(s0)
    addi sp, sp, -32
    sd ra, 8(sp)
    sd s0, 0(sp)
    sd s1, 16(sp)
    mv s0, sp
    mv s1, a1
    ld s1, 16(sp)
    ld ra, 8(sp)
    ld s0, 0(sp)
    addi sp, sp, 96
    ret
