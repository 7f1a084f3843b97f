// LuaJIT 1131: the offset of a spilled float was cut to what the instruction holds. There it was Arm's; here 2048 in twelve signed bits.
//
// convention: lp64d_loongarch
// judge: foreign
// expect: P6, fs0 (slot cfa-4112), first wrong at 0008
faulty:
    addi.d $sp, $sp, -2048
    addi.d $sp, $sp, -16
    fst.d $fs0, $sp, -2048
    movgr2fr.d $fs0, $a0
    fld.d $fs0, $sp, -2048
    addi.d $sp, $sp, 2032
    addi.d $sp, $sp, 32
    ret

fixed:
    addi.d $sp, $sp, -2048
    addi.d $sp, $sp, -16
    addi.d $t0, $sp, 2032
    fst.d $fs0, $t0, 16
    movgr2fr.d $fs0, $a0
    addi.d $t0, $sp, 2032
    fld.d $fs0, $t0, 16
    addi.d $sp, $sp, 2032
    addi.d $sp, $sp, 32
    ret
