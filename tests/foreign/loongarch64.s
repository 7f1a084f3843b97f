# A table of distances.
#= table: proven, jump-table
	.globl	table
	.type	table,@function
table:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	st.d	$ra, $sp, 8
	ori	$a1, $zero, 2
	bltu	$a1, $a0, 1f
	slli.d	$a0, $a0, 2
	pcalau12i	$a1, %pc_hi20(5f)
	addi.d	$a1, $a1, %pc_lo12(5f)
	ldx.w	$a0, $a0, $a1
	add.d	$a0, $a0, $a1
	jr	$a0
1:	ori	$a0, $zero, 1
2:	bl	elsewhere
3:	ld.d	$ra, $sp, 8
	addi.d	$sp, $sp, 16
	ret
	.cfi_endproc
	.size	table, .-table
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.word	1b-5b, 2b-5b, 3b-5b
	.text

#= saved_elsewhere_fault: refuted P3
	.globl	saved_elsewhere_fault
	.type	saved_elsewhere_fault,@function
saved_elsewhere_fault:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	st.d	$ra, $sp, 8
	st.d	$s0, $sp, 0
	move	$s0, $a0
	bl	elsewhere
	ld.d	$ra, $sp, 8
	addi.d	$sp, $sp, 16
	ret
	.cfi_endproc
	.size	saved_elsewhere_fault, .-saved_elsewhere_fault
