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

#= saves_float: proven
	.globl	saves_float
	.type	saves_float,@function
saves_float:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	fst.d	$fs0, $sp, 8
	fmov.d	$fs0, $fa0
	fld.d	$fs0, $sp, 8
	addi.d	$sp, $sp, 16
	ret
	.cfi_endproc
	.size	saves_float, .-saves_float

#= float_fault: refuted P3
	.globl	float_fault
	.type	float_fault,@function
float_fault:
	.cfi_startproc
	fmov.d	$fs0, $fa0
	ret
	.cfi_endproc
	.size	float_fault, .-float_fault

#= subroutine: proven
	.globl	subroutine
	.type	subroutine,@function
subroutine:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	st.d	$ra, $sp, 8
	bl	1f
	ld.d	$ra, $sp, 8
	addi.d	$sp, $sp, 16
	ret
1:	ori	$a0, $zero, 1
	ret
	.cfi_endproc
	.size	subroutine, .-subroutine

#= pointers: proven, jump-table
	.globl	pointers
	.type	pointers,@function
pointers:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	st.d	$s0, $sp, 8
	ori	$a1, $zero, 1
	bltu	$a1, $a0, 1f
	slli.d	$a0, $a0, 3
	pcalau12i	$a1, %pc_hi20(5f)
	addi.d	$a1, $a1, %pc_lo12(5f)
	ldx.d	$a0, $a0, $a1
	jr	$a0
1:	ori	$s0, $zero, 1
2:	ld.d	$s0, $sp, 8
	addi.d	$sp, $sp, 16
	ret
	.cfi_endproc
	.size	pointers, .-pointers
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.dword	1b, 2b
	.text

#= unknown_jump: undecided
	.globl	unknown_jump
	.type	unknown_jump,@function
unknown_jump:
	.cfi_startproc
	addi.d	$sp, $sp, -16
	jr	$a0
	.cfi_endproc
	.size	unknown_jump, .-unknown_jump

#= dynamic: proven, dynamic-frame
	.globl	dynamic
	.type	dynamic,@function
dynamic:
	.cfi_startproc
	addi.d	$sp, $sp, -32
	st.d	$ra, $sp, 24
	st.d	$fp, $sp, 16
	addi.d	$fp, $sp, 32
	sub.d	$sp, $sp, $a0
	bl	elsewhere
	addi.d	$sp, $fp, -32
	ld.d	$ra, $sp, 24
	ld.d	$fp, $sp, 16
	addi.d	$sp, $sp, 32
	ret
	.cfi_endproc
	.size	dynamic, .-dynamic
