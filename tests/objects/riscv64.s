# What compilers do that C does not say; as in x86_64.s.
	.text
	.globl split
	.type split, @function
split:
	.cfi_startproc
	addi sp, sp, -16
	.cfi_def_cfa_offset 16
	sd ra, 8(sp)
	sd s0, 0(sp)
	.cfi_offset 1, -8
	.cfi_offset 8, -16
	mv s0, a0
	bltz a0, .Lrare
	call other
.Lback:
	addw a0, a0, s0
	ld ra, 8(sp)
	ld s0, 0(sp)
	.cfi_remember_state
	.cfi_restore 1
	.cfi_restore 8
	addi sp, sp, 16
	.cfi_def_cfa_offset 0
	ret
	.cfi_restore_state
.Lrare:
	j split.cold
	.cfi_endproc
	.size split, . - split

	.globl wrong
	.type wrong, @function
wrong:
	.cfi_startproc
	mv s0, a0
	addiw a0, s0, 1
	ret
	.cfi_endproc
	.size wrong, . - wrong

	.globl lagging
	.type lagging, @function
lagging:
	.cfi_startproc
	addi sp, sp, -16
	sd ra, 8(sp)
	.cfi_def_cfa_offset 16
	.cfi_offset 1, -8
	call other
	ld ra, 8(sp)
	.cfi_restore 1
	addi sp, sp, 16
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc
	.size lagging, . - lagging

	.globl bare
	.type bare, @function
bare:
	addiw a0, a0, 1
	ret

	.globl outer
	.type outer, @function
outer:
	mv a0, a1
	.globl inner
	.type inner, @function
inner:
	addiw a0, a0, 2
	ret
	.size inner, . - inner
	.size outer, . - outer

	.section .text.unlikely, "ax", @progbits
	.type split.cold, @function
split.cold:
	.cfi_startproc
	.cfi_def_cfa_offset 16
	.cfi_offset 1, -8
	.cfi_offset 8, -16
	negw a0, a0
	call other
	j .Lback
	.cfi_endproc
	.size split.cold, . - split.cold
	.section .note.GNU-stack, "", @progbits
