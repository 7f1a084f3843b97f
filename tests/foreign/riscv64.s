# A table of distances, as GCC and Clang make it.
#= table: proven, jump-table
	.globl	table
	.type	table,@function
table:
	.cfi_startproc
	addi	sp, sp, -16
	sd	ra, 8(sp)
	li	a1, 2
	bltu	a1, a0, 1f
	slli	a0, a0, 2
6:	auipc	a1, %pcrel_hi(5f)
	addi	a1, a1, %pcrel_lo(6b)
	add	a0, a0, a1
	lw	a0, 0(a0)
	add	a0, a0, a1
	jr	a0
1:	li	a0, 1
2:	call	elsewhere
3:	ld	ra, 8(sp)
	addi	sp, sp, 16
	ret
	.cfi_endproc
	.size	table, .-table
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.word	1b-5b, 2b-5b, 3b-5b
	.text

#= table_fault: refuted P1
	.globl	table_fault
	.type	table_fault,@function
table_fault:
	.cfi_startproc
	addi	sp, sp, -16
	sd	ra, 8(sp)
	li	a1, 1
	bltu	a1, a0, 1f
	slli	a0, a0, 2
6:	auipc	a1, %pcrel_hi(5f)
	addi	a1, a1, %pcrel_lo(6b)
	add	a0, a0, a1
	lw	a0, 0(a0)
	add	a0, a0, a1
	jr	a0
1:	addi	sp, sp, 16
2:	ret
	.cfi_endproc
	.size	table_fault, .-table_fault
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.word	1b-5b, 2b-5b
	.text

# The linker's helpers save and restore; they are entered with another link register, and jumped to.
#= with_helpers: proven
	.globl	with_helpers
	.type	with_helpers,@function
with_helpers:
	.cfi_startproc
	jal	t0, save_ra_s0
	mv	s0, a0
	call	elsewhere
	add	a0, a0, s0
	j	restore_ra_s0
	.cfi_endproc
	.size	with_helpers, .-with_helpers
save_ra_s0:
	addi	sp, sp, -16
	sd	s0, 0(sp)
	sd	ra, 8(sp)
	jr	t0
restore_ra_s0:
	ld	s0, 0(sp)
	ld	ra, 8(sp)
	addi	sp, sp, 16
	ret
