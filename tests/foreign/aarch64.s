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

// The lower half of v8 is the caller's; the upper one is nobody's.
//= saves_float: proven
	.globl	saves_float
	.type	saves_float,%function
saves_float:
	.cfi_startproc
	str	d8, [sp, #-16]!
	fmov	d8, d0
	ldr	d8, [sp], #16
	ret
	.cfi_endproc
	.size	saves_float, .-saves_float

//= float_fault: refuted P3
	.globl	float_fault
	.type	float_fault,%function
float_fault:
	.cfi_startproc
	fmov	d8, d0
	ret
	.cfi_endproc
	.size	float_fault, .-float_fault

//= saves_whole_vector: proven
	.globl	saves_whole_vector
	.type	saves_whole_vector,%function
saves_whole_vector:
	.cfi_startproc
	str	q8, [sp, #-16]!
	movi	v8.2d, #0
	ldr	q8, [sp], #16
	ret
	.cfi_endproc
	.size	saves_whole_vector, .-saves_whole_vector

//= vector_halves_swapped: refuted P3
	.globl	vector_halves_swapped
	.type	vector_halves_swapped,%function
vector_halves_swapped:
	.cfi_startproc
	str	q8, [sp, #-16]!
	movi	v8.2d, #0
	ldr	d8, [sp, #8]
	add	sp, sp, #16
	ret
	.cfi_endproc
	.size	vector_halves_swapped, .-vector_halves_swapped

//= half_of_a_float: refuted P3
	.globl	half_of_a_float
	.type	half_of_a_float,%function
half_of_a_float:
	.cfi_startproc
	str	s8, [sp, #-16]!
	movi	v8.2d, #0
	ldr	s8, [sp], #16
	ret
	.cfi_endproc
	.size	half_of_a_float, .-half_of_a_float

// A subroutine inside of the function returns to it.
//= subroutine: proven
	.globl	subroutine
	.type	subroutine,%function
subroutine:
	.cfi_startproc
	stp	x29, x30, [sp, #-16]!
	bl	1f
	ldp	x29, x30, [sp], #16
	ret
1:	mov	x0, #1
	ret
	.cfi_endproc
	.size	subroutine, .-subroutine

//= subroutine_fault: refuted P1
	.globl	subroutine_fault
	.type	subroutine_fault,%function
subroutine_fault:
	.cfi_startproc
	stp	x29, x30, [sp, #-16]!
	bl	1f
	ldr	x30, [sp, #8]
	ret
1:	mov	x0, #1
	ret
	.cfi_endproc
	.size	subroutine_fault, .-subroutine_fault

// Entries of two bytes, and of four with their sign.
//= table_of_shorts: proven, jump-table
	.globl	table_of_shorts
	.type	table_of_shorts,%function
table_of_shorts:
	.cfi_startproc
	cmp	w0, #2
	b.hi	3f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldrh	w1, [x1, w0, uxtw #1]
	adr	x2, 4f
	add	x2, x2, w1, sxth #2
	br	x2
4:
1:	mov	w0, #1
2:	mov	w0, #2
3:	ret
	.cfi_endproc
	.size	table_of_shorts, .-table_of_shorts
	.section	.rodata,"a",%progbits
	.p2align	1
5:	.hword	(1b-4b)/4, (2b-4b)/4, (3b-4b)/4
	// Beyond the end of all functions with such tables, wherever the next one is put.
	.byte	100, 100
	.text

//= table_of_words: proven, jump-table
	.globl	table_of_words
	.type	table_of_words,%function
table_of_words:
	.cfi_startproc
	str	x19, [sp, #-16]!
	cmp	w0, #2
	b.hi	3f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldrsw	x2, [x1, w0, uxtw #2]
	add	x1, x1, x2
	br	x1
1:	mov	w19, #1
2:	mov	w19, #2
3:	ldr	x19, [sp], #16
	ret
	.cfi_endproc
	.size	table_of_words, .-table_of_words
	.section	.rodata,"a",%progbits
	.p2align	2
5:	.word	1b-5b, 2b-5b, 3b-5b
	.text

//= table_of_negative_bytes: proven, jump-table
	.globl	table_of_negative_bytes
	.type	table_of_negative_bytes,%function
table_of_negative_bytes:
	.cfi_startproc
	cmp	w0, #1
	b.hi	3f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldrsb	x1, [x1, w0, uxtw]
	adr	x2, 4f
	add	x2, x2, x1, lsl #2
	br	x2
1:	mov	w0, #1
2:	mov	w0, #2
4:
3:	ret
	.cfi_endproc
	.size	table_of_negative_bytes, .-table_of_negative_bytes
	.section	.rodata,"a",%progbits
5:	.byte	(1b-4b)/4, (2b-4b)/4
	.text

//= pointers: proven, jump-table
	.globl	pointers
	.type	pointers,%function
pointers:
	.cfi_startproc
	str	x19, [sp, #-16]!
	cmp	w0, #1
	b.hi	1f
	adrp	x1, 5f
	add	x1, x1, :lo12:5f
	ldr	x1, [x1, w0, uxtw #3]
	br	x1
1:	mov	w19, #1
2:	ldr	x19, [sp], #16
	ret
	.cfi_endproc
	.size	pointers, .-pointers
	.section	.data.rel.ro,"aw",%progbits
	.p2align	3
5:	.xword	1b, 2b
	.text

//= computed_jump: proven, switch-targets
	.globl	computed_jump
	.type	computed_jump,%function
computed_jump:
	.cfi_startproc
	str	x19, [sp, #-16]!
	adr	x1, 1f
	add	x1, x1, x0, lsl #2
	br	x1
1:	mov	w19, #1
2:	ldr	x19, [sp], #16
	ret
	.cfi_endproc
	.size	computed_jump, .-computed_jump

// Signed with one key, or with another SP, than it is authenticated with.
//= signed_otherwise: refuted P2
	.globl	signed_otherwise
	.type	signed_otherwise,%function
signed_otherwise:
	.cfi_startproc
	paciasp
	str	x30, [sp, #-16]!
	ldr	x30, [sp], #16
	autibsp
	ret
	.cfi_endproc
	.size	signed_otherwise, .-signed_otherwise

//= signed_and_stripped: proven
	.globl	signed_and_stripped
	.type	signed_and_stripped,%function
signed_and_stripped:
	.cfi_startproc
	paciasp
	str	x30, [sp, #-16]!
	ldr	x30, [sp], #16
	xpaclri
	ret
	.cfi_endproc
	.size	signed_and_stripped, .-signed_and_stripped

//= signed_and_left: refuted P2
	.globl	signed_and_left
	.type	signed_and_left,%function
signed_and_left:
	.cfi_startproc
	paciasp
	ret
	.cfi_endproc
	.size	signed_and_left, .-signed_and_left

// An address with a tag is one of the frame still.
//= tagged: proven, frame-address
	.globl	tagged
	.type	tagged,%function
tagged:
	.cfi_startproc
	.arch_extension	memtag
	sub	sp, sp, #32
	str	x19, [sp, #16]
	irg	x1, sp
	str	x0, [x1]
	ldr	x19, [sp, #16]
	add	sp, sp, #32
	ret
	.cfi_endproc
	.size	tagged, .-tagged

// SP goes down by what is not known.
//= dynamic: proven, dynamic-frame
	.globl	dynamic
	.type	dynamic,%function
dynamic:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x19, [sp, #16]
	sub	sp, sp, x0, lsl #4
	mov	x0, sp
	str	x1, [x0]
	bl	elsewhere
	ldr	x19, [x29, #16]
	mov	sp, x29
	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	dynamic, .-dynamic

//= realigned: proven, dynamic-frame
	.globl	realigned
	.type	realigned,%function
realigned:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x19, [sp, #16]
	sub	x9, sp, #64
	and	sp, x9, #0xffffffffffffffc0
	mov	x19, x0
	str	x19, [sp]
	bl	elsewhere
	ldr	x19, [x29, #16]
	mov	sp, x29
	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	realigned, .-realigned

// Aligned by what SP has anyway, and back by a number.
//= realigned_by_less: proven, dynamic-frame
	.globl	realigned_by_less
	.type	realigned_by_less,%function
realigned_by_less:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	sub	x9, sp, #32
	and	sp, x9, #0xfffffffffffffff0
	bl	elsewhere
	add	sp, sp, #32
	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	realigned_by_less, .-realigned_by_less

//= realigned_by_more_fault: undecided
	.globl	realigned_by_more_fault
	.type	realigned_by_more_fault,%function
realigned_by_more_fault:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	sub	x9, sp, #32
	and	sp, x9, #0xffffffffffffffe0
	bl	elsewhere
	add	sp, sp, #32
	ldp	x29, x30, [sp], #32
	ret
	.cfi_endproc
	.size	realigned_by_more_fault, .-realigned_by_more_fault

// The return address is in another register, for all of a leaf.
//= returns_by_another: proven
	.globl	returns_by_another
	.type	returns_by_another,%function
returns_by_another:
	.cfi_startproc
	mov	x9, x30
	mov	x30, x0
	ret	x9
	.cfi_endproc
	.size	returns_by_another, .-returns_by_another

//= tail_by_word: proven
	.globl	tail_by_word
	.type	tail_by_word,%function
tail_by_word:
	.cfi_startproc
	adrp	x16, :got:elsewhere
	ldr	x16, [x16, :got_lo12:elsewhere]
	br	x16
	.cfi_endproc
	.size	tail_by_word, .-tail_by_word

//= thrower_by_word: proven, no-return
	.globl	thrower_by_word
	.type	thrower_by_word,%function
thrower_by_word:
	.cfi_startproc
	stp	x29, x30, [sp, #-16]!
	adrp	x16, :got:abort
	ldr	x16, [x16, :got_lo12:abort]
	cbz	x0, 1f
	blr	x16
1:	ldp	x29, x30, [sp], #16
	ret
	.cfi_endproc
	.size	thrower_by_word, .-thrower_by_word

//= unknown_jump: undecided
	.globl	unknown_jump
	.type	unknown_jump,%function
unknown_jump:
	.cfi_startproc
	str	x19, [sp, #-16]!
	br	x0
	.cfi_endproc
	.size	unknown_jump, .-unknown_jump

//= sp_misaligned_at_call: refuted P5
	.globl	sp_misaligned_at_call
	.type	sp_misaligned_at_call,%function
sp_misaligned_at_call:
	.cfi_startproc
	stp	x29, x30, [sp, #-24]!
	blr	x0
	ldp	x29, x30, [sp], #24
	ret
	.cfi_endproc
	.size	sp_misaligned_at_call, .-sp_misaligned_at_call

//= changes_itself: unsupported
	.globl	changes_itself
	.type	changes_itself,%function
changes_itself:
	.cfi_startproc
1:	adr	x1, 1b
	str	x0, [x1]
	ret
	.cfi_endproc
	.size	changes_itself, .-changes_itself

// The rounding mode is the caller's.
//= rounding: refuted P15
	.globl	rounding
	.type	rounding,%function
rounding:
	.cfi_startproc
	msr	fpcr, x0
	ret
	.cfi_endproc
	.size	rounding, .-rounding

//= rounding_put_back: undecided
	.globl	rounding_put_back
	.type	rounding_put_back,%function
rounding_put_back:
	.cfi_startproc
	mrs	x1, fpcr
	msr	fpcr, x0
	msr	fpcr, x1
	ret
	.cfi_endproc
	.size	rounding_put_back, .-rounding_put_back

// A jump to a place that is computed from its page.
//= jump_by_page_fault: refuted P3
	.globl	jump_by_page_fault
	.type	jump_by_page_fault,%function
jump_by_page_fault:
	.cfi_startproc
	cbz	x0, 1f
	adrp	x9, 2f
	add	x9, x9, :lo12:2f
	br	x9
1:	ret
2:	mov	x19, #1
	ret
	.cfi_endproc
	.size	jump_by_page_fault, .-jump_by_page_fault

// SP is raised above what has been saved, and then nothing is done.
//= raised_above_saves: refuted P6
	.globl	raised_above_saves
	.type	raised_above_saves,@function
raised_above_saves:
	.cfi_startproc
	stp	x29, x30, [sp, #-32]!
	.cfi_def_cfa_offset 32
	.cfi_offset w29, -32
	.cfi_offset w30, -24
	mov	x29, sp
	.cfi_def_cfa w29, 32
	sub	sp, sp, #16
	str	x19, [sp]
	.cfi_offset w19, -48
	mov	x19, #1
	add	sp, sp, #16
	nop
	ldr	x19, [sp, #-16]
	.cfi_restore w19
	ldp	x29, x30, [sp], #32
	.cfi_def_cfa wsp, 0
	.cfi_restore w29
	.cfi_restore w30
	ret
	.cfi_endproc
	.size	raised_above_saves, .-raised_above_saves

// The link register holds something else for a while, and nobody is told.
//= link_lost: proven
	.globl	link_lost
	.type	link_lost,@function
link_lost:
	.cfi_startproc
	mov	x9, x30
	mov	x30, #1
	nop
	mov	x30, x9
	ret
	.cfi_endproc
	.size	link_lost, .-link_lost
