# What compilers do that C does not say; as in x86_64.s.
	.text
	.globl split
	.type split, @function
split:
	.cfi_startproc
	addi.d $sp, $sp, -16
	.cfi_def_cfa_offset 16
	st.d $ra, $sp, 8
	st.d $s0, $sp, 0
	.cfi_offset 1, -8
	.cfi_offset 23, -16
	move $s0, $a0
	blt $a0, $zero, .Lrare
	bl %plt(other)
.Lback:
	add.w $a0, $a0, $s0
	ld.d $ra, $sp, 8
	ld.d $s0, $sp, 0
	.cfi_remember_state
	.cfi_restore 1
	.cfi_restore 23
	addi.d $sp, $sp, 16
	.cfi_def_cfa_offset 0
	ret
	.cfi_restore_state
.Lrare:
	b split.cold
	.cfi_endproc
	.size split, . - split

	.globl wrong
	.type wrong, @function
wrong:
	.cfi_startproc
	move $s0, $a0
	addi.w $a0, $s0, 1
	ret
	.cfi_endproc
	.size wrong, . - wrong

	.globl lagging
	.type lagging, @function
lagging:
	.cfi_startproc
	addi.d $sp, $sp, -16
	st.d $ra, $sp, 8
	.cfi_def_cfa_offset 16
	.cfi_offset 1, -8
	bl %plt(other)
	ld.d $ra, $sp, 8
	.cfi_restore 1
	addi.d $sp, $sp, 16
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc
	.size lagging, . - lagging

	.globl bare
	.type bare, @function
bare:
	addi.w $a0, $a0, 1
	ret

	.globl outer
	.type outer, @function
outer:
	move $a0, $a1
	.globl inner
	.type inner, @function
inner:
	addi.w $a0, $a0, 2
	ret
	.size inner, . - inner
	.size outer, . - outer

	.section .text.unlikely, "ax", @progbits
	.type split.cold, @function
split.cold:
	.cfi_startproc
	.cfi_def_cfa_offset 16
	.cfi_offset 1, -8
	.cfi_offset 23, -16
	sub.w $a0, $zero, $a0
	bl %plt(other)
	b .Lback
	.cfi_endproc
	.size split.cold, . - split.cold
	.section .note.GNU-stack, "", @progbits
