// WebKit 296490: one tier listed the values of rethrown exceptions before the locals, the other one after them.
//
// convention: lp64d
// judge: claim
// expect: P12
// source: lp64d.tier0 saved= locals=32 outgoing=0
// home: context i64 -24
// home: local0 i64 -32
// home: local1 i64 -40
// transition: lp64d.ryujit
// frame: lp64d.osr saved=s1 locals=24 outgoing=0
// state: context i64 dead
// faulty.state: local1 i64 s1
// faulty.state: context i64 dead
// faulty.state: local0 i64 dead
// fixed.state: context i64 dead
// fixed.state: local0 i64 dead
// fixed.state: local1 i64 s1
    .option norvc
source:
    addi sp, sp, -48
    sd ra, 40(sp)
    sd s0, 32(sp)
    addi s0, sp, 32
source.body:
    sd a0, 24(sp)
    sd a1, 16(sp)
    sd a2, 8(sp)
    auipc a1, 0
    addi a1, a1, 24
    li a2, 0
    ld t1, 8(a0)
    jalr ra, t1
source.patch:
    jr a0
source.resume:
source.epilog:
    ld ra, 40(sp)
    ld s0, 32(sp)
    addi sp, sp, 48
    ret

faulty:
    ld ra, 8(s0)
    ld s0, 0(s0)
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
    ld s1, 56(sp)
faulty.body:
faulty.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 96
    ret

fixed:
    ld ra, 8(s0)
    ld s0, 0(s0)
    addi sp, sp, -48
    sd ra, 32(sp)
    sd s0, 24(sp)
    sd s1, 40(sp)
    addi s0, sp, 24
    ld s1, 56(sp)
fixed.body:
fixed.epilog:
    ld s1, 40(sp)
    ld ra, 32(sp)
    ld s0, 24(sp)
    addi sp, sp, 96
    ret
