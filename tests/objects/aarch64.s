// What compilers do that C does not say; as in x86_64.s.
	.text
	.globl split
	.type split, %function
split:
	.cfi_startproc
	stp x19, x30, [sp, #-16]!
	.cfi_def_cfa_offset 16
	.cfi_offset 19, -16
	.cfi_offset 30, -8
	mov w19, w0
	tbnz w0, #31, .Lrare
	bl other
.Lback:
	add w0, w0, w19
	ldp x19, x30, [sp], #16
	.cfi_remember_state
	.cfi_def_cfa_offset 0
	.cfi_restore 19
	.cfi_restore 30
	ret
	.cfi_restore_state
.Lrare:
	b split.cold
	.cfi_endproc
	.size split, . - split

	.globl wrong
	.type wrong, %function
wrong:
	.cfi_startproc
	mov w19, w0
	add w0, w19, #1
	ret
	.cfi_endproc
	.size wrong, . - wrong

	.globl lagging
	.type lagging, %function
lagging:
	.cfi_startproc
	stp x19, x30, [sp, #-16]!
	mov w19, w0
	.cfi_def_cfa_offset 16
	.cfi_offset 19, -16
	.cfi_offset 30, -8
	bl other
	add w0, w0, w19
	ldp x19, x30, [sp], #16
	.cfi_def_cfa_offset 0
	.cfi_restore 19
	.cfi_restore 30
	ret
	.cfi_endproc
	.size lagging, . - lagging

	.globl bare
	.type bare, %function
bare:
	add w0, w0, #1
	ret

	.globl outer
	.type outer, %function
outer:
	mov w0, w1
	.globl inner
	.type inner, %function
inner:
	add w0, w0, #2
	ret
	.size inner, . - inner
	.size outer, . - outer

	.section .text.unlikely, "ax", @progbits
	.type split.cold, %function
split.cold:
	.cfi_startproc
	.cfi_def_cfa_offset 16
	.cfi_offset 19, -16
	.cfi_offset 30, -8
	neg w0, w0
	bl other
	b .Lback
	.cfi_endproc
	.size split.cold, . - split.cold
	.section .note.GNU-stack, "", @progbits
