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

# Floating-point saves.
#= saves_float: proven
	.globl	saves_float
	.type	saves_float,@function
saves_float:
	.cfi_startproc
	addi	sp, sp, -16
	fsd	fs0, 8(sp)
	fmv.d	fs0, fa0
	fld	fs0, 8(sp)
	addi	sp, sp, 16
	ret
	.cfi_endproc
	.size	saves_float, .-saves_float

#= float_fault: refuted P3
	.globl	float_fault
	.type	float_fault,@function
float_fault:
	.cfi_startproc
	addi	sp, sp, -16
	fsd	fs0, 8(sp)
	fmv.d	fs0, fa0
	flw	fs0, 8(sp)
	addi	sp, sp, 16
	ret
	.cfi_endproc
	.size	float_fault, .-float_fault

#= subroutine: proven
	.globl	subroutine
	.type	subroutine,@function
subroutine:
	.cfi_startproc
	addi	sp, sp, -16
	sd	ra, 8(sp)
	jal	ra, 1f
	ld	ra, 8(sp)
	addi	sp, sp, 16
	ret
1:	li	a0, 1
	ret
	.cfi_endproc
	.size	subroutine, .-subroutine

#= pointers: proven, jump-table
	.globl	pointers
	.type	pointers,@function
pointers:
	.cfi_startproc
	addi	sp, sp, -16
	sd	s0, 8(sp)
	li	a1, 1
	bltu	a1, a0, 1f
	slli	a0, a0, 3
6:	auipc	a1, %pcrel_hi(5f)
	addi	a1, a1, %pcrel_lo(6b)
	add	a0, a0, a1
	ld	a0, 0(a0)
	jr	a0
1:	li	s0, 1
2:	ld	s0, 8(sp)
	addi	sp, sp, 16
	ret
	.cfi_endproc
	.size	pointers, .-pointers
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.dword	1b, 2b
	.text

#= computed_jump: proven, switch-targets
	.globl	computed_jump
	.type	computed_jump,@function
computed_jump:
	.cfi_startproc
	addi	sp, sp, -16
	sd	s0, 8(sp)
6:	auipc	a1, %pcrel_hi(1f)
	addi	a1, a1, %pcrel_lo(6b)
	slli	a0, a0, 2
	add	a1, a1, a0
	jr	a1
1:	li	s0, 1
2:	ld	s0, 8(sp)
	addi	sp, sp, 16
	ret
	.cfi_endproc
	.size	computed_jump, .-computed_jump

#= tail_by_word: proven
	.globl	tail_by_word
	.type	tail_by_word,@function
tail_by_word:
	.cfi_startproc
6:	auipc	t1, %got_pcrel_hi(elsewhere)
	ld	t1, %pcrel_lo(6b)(t1)
	jr	t1
	.cfi_endproc
	.size	tail_by_word, .-tail_by_word

#= tail_by_word_fault: refuted P1
	.globl	tail_by_word_fault
	.type	tail_by_word_fault,@function
tail_by_word_fault:
	.cfi_startproc
	addi	sp, sp, -16
6:	auipc	t1, %got_pcrel_hi(elsewhere)
	ld	t1, %pcrel_lo(6b)(t1)
	jr	t1
	.cfi_endproc
	.size	tail_by_word_fault, .-tail_by_word_fault

#= jump_to_known: proven
	.globl	jump_to_known
	.type	jump_to_known,@function
jump_to_known:
	.cfi_startproc
6:	auipc	a1, %pcrel_hi(1f)
	addi	a1, a1, %pcrel_lo(6b)
	jr	a1
1:	ret
	.cfi_endproc
	.size	jump_to_known, .-jump_to_known

#= dynamic: proven, dynamic-frame
	.globl	dynamic
	.type	dynamic,@function
dynamic:
	.cfi_startproc
	addi	sp, sp, -32
	sd	ra, 24(sp)
	sd	s0, 16(sp)
	addi	s0, sp, 32
	sub	sp, sp, a0
	call	elsewhere
	addi	sp, s0, -32
	ld	ra, 24(sp)
	ld	s0, 16(sp)
	addi	sp, sp, 32
	ret
	.cfi_endproc
	.size	dynamic, .-dynamic

#= unknown_jump: undecided
	.globl	unknown_jump
	.type	unknown_jump,@function
unknown_jump:
	.cfi_startproc
	addi	sp, sp, -16
	jr	a0
	.cfi_endproc
	.size	unknown_jump, .-unknown_jump

#= clears_more: undecided
	.globl	clears_more
	.type	clears_more,@function
clears_more:
	.cfi_startproc
	andi	ra, ra, -4
	ret
	.cfi_endproc
	.size	clears_more, .-clears_more

#= rounding: refuted P15
	.globl	rounding
	.type	rounding,@function
rounding:
	.cfi_startproc
	fsrm	a0
	ret
	.cfi_endproc
	.size	rounding, .-rounding

# A word that is no address.
#= jump_by_half_a_word: undecided
	.globl	jump_by_half_a_word
	.type	jump_by_half_a_word,@function
jump_by_half_a_word:
	.cfi_startproc
	addi	sp, sp, -16
6:	auipc	a1, %pcrel_hi(5f)
	addi	a1, a1, %pcrel_lo(6b)
	lwu	a0, 0(a1)
	jr	a0
	.cfi_endproc
	.size	jump_by_half_a_word, .-jump_by_half_a_word
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.word	4
	.text

# The link register holds something else for a while, and nobody is told.
#= link_lost: proven
	.globl	link_lost
	.type	link_lost,@function
link_lost:
	.cfi_startproc
	mv	t0, ra
	li	ra, 1
	nop
	mv	ra, t0
	ret
	.cfi_endproc
	.size	link_lost, .-link_lost
