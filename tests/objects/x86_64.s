# What compilers do that C does not say: a part placed elsewhere, a function that is wrong, a symbol without a size, one
# inside another.
	.text
	.globl split
	.type split, @function
split:
	.cfi_startproc
	pushq %rbx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	movl %edi, %ebx
	testl %edi, %edi
	js split.cold
	call other@PLT
.Lback:
	addl %ebx, %eax
	popq %rbx
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
	.size split, . - split

	.globl wrong
	.type wrong, @function
wrong:
	.cfi_startproc
	movl %edi, %ebx
	leal 1(%rbx), %eax
	ret
	.cfi_endproc
	.size wrong, . - wrong

	.globl lagging
	.type lagging, @function
lagging:
	.cfi_startproc
	pushq %rbx
	movl %edi, %ebx
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	call other@PLT
	addl %ebx, %eax
	popq %rbx
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
	.size lagging, . - lagging

	.globl bare
	.type bare, @function
bare:
	leal 1(%rdi), %eax
	ret

	.globl outer
	.type outer, @function
outer:
	movl %edi, %eax
	.globl inner
	.type inner, @function
inner:
	addl $2, %eax
	ret
	.size inner, . - inner
	.size outer, . - outer

	.section .text.unlikely, "ax", @progbits
	.type split.cold, @function
split.cold:
	.cfi_startproc
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	negl %edi
	call other@PLT
	jmp .Lback
	.cfi_endproc
	.size split.cold, . - split.cold
	.section .note.GNU-stack, "", @progbits
