// A table of bytes, entries in words from a place in the code.
//= table: proven, jump-table
	.globl	table
	.type	table,%function
table:
	.cfi_startproc
	str	x30, [sp, #-16]!
	cmp	w0, #2
	b.hi	1f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldrb	w1, [x1, w0, uxtw]
	adr	x2, 4f
	add	x2, x2, w1, sxtb #2
	br	x2
4:
1:	mov	w0, #1
2:	bl	elsewhere
3:	ldr	x30, [sp], #16
	ret
	.cfi_endproc
	.size	table, .-table
	.section	.rodata,"a",%progbits
5:	.byte	(1b-4b)/4, (2b-4b)/4, (3b-4b)/4
	.text

//= table_fault: refuted P1
	.globl	table_fault
	.type	table_fault,%function
table_fault:
	.cfi_startproc
	str	x30, [sp, #-16]!
	cmp	w0, #1
	b.hi	1f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldrb	w1, [x1, w0, uxtw]
	adr	x2, 4f
	add	x2, x2, w1, sxtb #2
	br	x2
4:
1:	ldr	x30, [sp], #16
	ret
2:	ret
	.cfi_endproc
	.size	table_fault, .-table_fault
	.section	.rodata,"a",%progbits
5:	.byte	(1b-4b)/4, (2b-4b)/4
	.text

// One register is saved where it is needed only.
//= separate_saves: proven
	.globl	separate_saves
	.type	separate_saves,%function
separate_saves:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	cbz	x0, 1f
	str	x19, [sp, #16]
	mov	x19, x0
	bl	elsewhere
	add	x0, x0, x19
	ldr	x19, [sp, #16]
1:	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	separate_saves, .-separate_saves

//= separate_saves_fault: refuted P3
	.globl	separate_saves_fault
	.type	separate_saves_fault,%function
separate_saves_fault:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	cbz	x0, 1f
	str	x19, [sp, #16]
	mov	x19, x0
	bl	elsewhere
	add	x0, x0, x19
1:	ldr	x19, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	separate_saves_fault, .-separate_saves_fault

//= thrower_inside: proven, no-return
	.globl	thrower_inside
	.type	thrower_inside,%function
thrower_inside:
	.cfi_startproc
	cbz	x0, 1f
	stp	x29, x30, [sp, #-16]!
	bl	abort
1:	ret
	.cfi_endproc
	.size	thrower_inside, .-thrower_inside

//= tail_fault: refuted P1
	.globl	tail_fault
	.type	tail_fault,%function
tail_fault:
	.cfi_startproc
	stp	x29, x30, [sp, #-16]!
	bl	elsewhere
	ldp	x29, x30, [sp]
	b	elsewhere
	.cfi_endproc
	.size	tail_fault, .-tail_fault

// A signed return address is the address again where it is authenticated with the same SP.
//= signed: proven
	.arch_extension	pauth
	.globl	signed
	.type	signed,%function
signed:
	.cfi_startproc
	paciasp
	.cfi_negate_ra_state
	stp	x29, x30, [sp, #-16]!
	.cfi_def_cfa_offset 16
	.cfi_offset	w29, -16
	.cfi_offset	w30, -8
	bl	elsewhere
	ldp	x29, x30, [sp], #16
	.cfi_def_cfa_offset 0
	autiasp
	.cfi_negate_ra_state
	ret
	.cfi_endproc
	.size	signed, .-signed

//= signed_return: proven
	.globl	signed_return
	.type	signed_return,%function
signed_return:
	.cfi_startproc
	pacibsp
	str	x30, [sp, #-16]!
	bl	elsewhere
	ldr	x30, [sp], #16
	retab
	.cfi_endproc
	.size	signed_return, .-signed_return

//= signed_fault: refuted P2
	.globl	signed_fault
	.type	signed_fault,%function
signed_fault:
	.cfi_startproc
	paciasp
	str	x30, [sp, #-16]!
	bl	elsewhere
	ldr	x30, [sp]
	autiasp
	add	sp, sp, #16
	ret
	.cfi_endproc
	.size	signed_fault, .-signed_fault
