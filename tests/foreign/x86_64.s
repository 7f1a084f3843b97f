# A jump through a table of distances, bounded by a compare; all cases go to the end.
#= table: proven, jump-table
	.globl	table
	.type	table,@function
table:
	.cfi_startproc
	pushq	%rbx
	cmpl	$3, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$7, %ebx
	jmp	4f
2:	movl	$8, %ebx
3:	addl	$1, %ebx
4:	movl	%ebx, %eax
	popq	%rbx
	retq
	.cfi_endproc
	.size	table, .-table
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 4b-5b
	.text

# One case has been forgotten by who wrote the epilogs.
#= table_fault: refuted P1
	.globl	table_fault
	.type	table_fault,@function
table_fault:
	.cfi_startproc
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	popq	%rbx
	retq
2:	xorl	%eax, %eax
	retq
	.cfi_endproc
	.size	table_fault, .-table_fault
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b
	.text

# A table that is read past its end would lead from the middle of one frame into another; nobody comes there.
#= shrink_wrapped: proven
	.globl	shrink_wrapped
	.type	shrink_wrapped,@function
shrink_wrapped:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rbx
	movl	%edi, %ebx
	callq	elsewhere@PLT
	addl	%ebx, %eax
	popq	%rbx
	retq
1:	xorl	%eax, %eax
	retq
	.cfi_endproc
	.size	shrink_wrapped, .-shrink_wrapped

#= shrink_wrapped_fault: refuted P3
	.globl	shrink_wrapped_fault
	.type	shrink_wrapped_fault,@function
shrink_wrapped_fault:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rbx
	movl	%edi, %ebx
	callq	elsewhere@PLT
	addl	%ebx, %eax
	popq	%rcx
	retq
1:	xorl	%eax, %eax
	retq
	.cfi_endproc
	.size	shrink_wrapped_fault, .-shrink_wrapped_fault

# The same test twice: the frame is made and removed by the same condition.
#= correlated: undecided
	.globl	correlated
	.type	correlated,@function
correlated:
	.cfi_startproc
	testl	%esi, %esi
	je	1f
	pushq	%rbx
1:	leal	1(%rdi), %eax
	testl	%esi, %esi
	je	2f
	popq	%rbx
2:	retq
	.cfi_endproc
	.size	correlated, .-correlated

# What it calls does not return.
#= thrower: proven, no-return
	.globl	thrower
	.type	thrower,@function
thrower:
	.cfi_startproc
	pushq	%rax
	testl	%edi, %edi
	jne	1f
	popq	%rax
	retq
1:	callq	abort@PLT
	.cfi_endproc
	.size	thrower, .-thrower

# Code behind it is that of another path.
#= thrower_inside: proven, no-return
	.globl	thrower_inside
	.type	thrower_inside,@function
thrower_inside:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rax
	callq	__stack_chk_fail@PLT
1:	retq
	.cfi_endproc
	.size	thrower_inside, .-thrower_inside

#= returner_inside: refuted P1
	.globl	returner_inside
	.type	returner_inside,@function
returner_inside:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rax
	callq	elsewhere@PLT
1:	retq
	.cfi_endproc
	.size	returner_inside, .-returner_inside

# A part placed elsewhere, and back.
#= with_cold_part: proven
	.globl	with_cold_part
	.type	with_cold_part,@function
with_cold_part:
	.cfi_startproc
	pushq	%rbx
	movl	%edi, %ebx
	testl	%edi, %edi
	js	with_cold_part.cold
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	with_cold_part, .-with_cold_part
	.type	with_cold_part.cold,@function
with_cold_part.cold:
	.cfi_startproc
	.cfi_def_cfa_offset 16
	.cfi_offset %rbx, -16
	callq	elsewhere@PLT
	jmp	1b
	.cfi_endproc
	.size	with_cold_part.cold, .-with_cold_part.cold

#= with_cold_fault: refuted P3
	.globl	with_cold_fault
	.type	with_cold_fault,@function
with_cold_fault:
	.cfi_startproc
	testl	%edi, %edi
	js	with_cold_fault.cold
1:	retq
	.cfi_endproc
	.size	with_cold_fault, .-with_cold_fault
	.type	with_cold_fault.cold,@function
with_cold_fault.cold:
	.cfi_startproc
	movl	%edi, %ebx
	jmp	1b
	.cfi_endproc
	.size	with_cold_fault.cold, .-with_cold_fault.cold

# A frame that is aligned after it has begun, as GCC makes it.
#= realigned: proven, dynamic-frame
	.globl	realigned
	.type	realigned,@function
realigned:
	.cfi_startproc
	leaq	8(%rsp), %r10
	andq	$-64, %rsp
	pushq	-8(%r10)
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%r10
	subq	$160, %rsp
	movaps	%xmm0, (%rsp)
	callq	elsewhere@PLT
	addq	$160, %rsp
	popq	%r10
	popq	%rbx
	popq	%rbp
	leaq	-8(%r10), %rsp
	retq
	.cfi_endproc
	.size	realigned, .-realigned

#= realigned_fault: unsupported
	.globl	realigned_fault
	.type	realigned_fault,@function
realigned_fault:
	.cfi_startproc
	leaq	8(%rsp), %r10
	andq	$-64, %rsp
	pushq	-8(%r10)
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%r10
	subq	$160, %rsp
	callq	elsewhere@PLT
	addq	$160, %rsp
	popq	%rbx
	popq	%r10
	popq	%rbp
	leaq	-8(%r10), %rsp
	retq
	.cfi_endproc
	.size	realigned_fault, .-realigned_fault

# Stack by an amount that is not known; the epilog goes by the frame pointer.
#= dynamic: proven, dynamic-frame
	.globl	dynamic
	.type	dynamic,@function
dynamic:
	.cfi_startproc
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%rax
	leaq	15(%rdi), %rax
	andq	$-16, %rax
	subq	%rax, %rsp
	movq	%rsp, %rdi
	callq	elsewhere@PLT
	movq	-8(%rbp), %rbx
	leave
	retq
	.cfi_endproc
	.size	dynamic, .-dynamic

#= dynamic_fault: refuted P3
	.globl	dynamic_fault
	.type	dynamic_fault,@function
dynamic_fault:
	.cfi_startproc
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%rax
	xorl	%ebx, %ebx
	callq	elsewhere@PLT
	movq	-16(%rbp), %rbx
	leave
	retq
	.cfi_endproc
	.size	dynamic_fault, .-dynamic_fault

# The address of the next instruction, by a call of it.
#= thunk: proven
	.globl	thunk
	.type	thunk,@function
thunk:
	.cfi_startproc
	callq	1f
1:	popq	%rax
	retq
	.cfi_endproc
	.size	thunk, .-thunk

#= thunk_fault: refuted P1
	.globl	thunk_fault
	.type	thunk_fault,@function
thunk_fault:
	.cfi_startproc
	callq	1f
1:	retq
	.cfi_endproc
	.size	thunk_fault, .-thunk_fault

# The direction flag is as the convention has it.
#= backwards: proven, control-bit
	.globl	backwards
	.type	backwards,@function
backwards:
	.cfi_startproc
	movq	%rdx, %rcx
	std
	rep movsb
	cld
	retq
	.cfi_endproc
	.size	backwards, .-backwards

#= backwards_fault: refuted P15
	.globl	backwards_fault
	.type	backwards_fault,@function
backwards_fault:
	.cfi_startproc
	movq	%rdx, %rcx
	std
	rep movsb
	retq
	.cfi_endproc
	.size	backwards_fault, .-backwards_fault

# It goes on in another activation.
#= longjmp: unsupported
	.globl	longjmp
	.type	longjmp,@function
longjmp:
	.cfi_startproc
	movq	(%rdi), %rsp
	jmpq	*8(%rdi)
	.cfi_endproc
	.size	longjmp, .-longjmp

#= other_stack: unsupported
	.globl	other_stack
	.type	other_stack,@function
other_stack:
	.cfi_startproc
	movq	(%rdi), %rsp
	jmpq	*8(%rdi)
	.cfi_endproc
	.size	other_stack, .-other_stack

	.type	one_callee,@function
one_callee:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	one_callee, .-one_callee

	.type	other_callee,@function
other_callee:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	other_callee, .-other_callee

# A tail call of one of several functions.
#= dispatch: proven
	.globl	dispatch
	.type	dispatch,@function
dispatch:
	.cfi_startproc
	pushq	%rbx
	movq	%rdi, %rbx
	testl	%esi, %esi
	je	1f
	leaq	one_callee(%rip), %rax
	jmp	2f
1:	leaq	other_callee(%rip), %rax
2:	movq	%rbx, %rdi
	popq	%rbx
	jmpq	*%rax
	.cfi_endproc
	.size	dispatch, .-dispatch

#= dispatch_fault: refuted P1
	.globl	dispatch_fault
	.type	dispatch_fault,@function
dispatch_fault:
	.cfi_startproc
	pushq	%rbx
	movq	%rdi, %rbx
	testl	%esi, %esi
	je	1f
	leaq	one_callee(%rip), %rax
	jmp	2f
1:	leaq	other_callee(%rip), %rax
2:	movq	%rbx, %rdi
	jmpq	*%rax
	.cfi_endproc
	.size	dispatch_fault, .-dispatch_fault

# The flags on the stack.
#= flags: proven
	.globl	flags
	.type	flags,@function
flags:
	.cfi_startproc
	pushfq
	popq	%rax
	retq
	.cfi_endproc
	.size	flags, .-flags

#= flags_fault: refuted P1
	.globl	flags_fault
	.type	flags_fault,@function
flags_fault:
	.cfi_startproc
	pushfq
	retq
	.cfi_endproc
	.size	flags_fault, .-flags_fault

# A transaction goes on where it began, or at its end.
#= transaction: proven
	.globl	transaction
	.type	transaction,@function
transaction:
	.cfi_startproc
	pushq	%rbx
	xorl	%ebx, %ebx
	xbegin	1f
	incl	%ebx
	xend
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	transaction, .-transaction

#= transaction_fault: refuted P3
	.globl	transaction_fault
	.type	transaction_fault,@function
transaction_fault:
	.cfi_startproc
	movl	$1, %ebx
	xbegin	1f
1:	retq
	.cfi_endproc
	.size	transaction_fault, .-transaction_fault

# A part that begins with a byte for nobody and a landing pad. It is no function, and not judged as one.
#= part: proven
	.globl	part
	.type	part,@function
part:
	.cfi_startproc
	pushq	%rbx
	.cfi_def_cfa_offset 16
	.cfi_offset rbx, -16
	movq	%rdi, %rbx
	testl	%edi, %edi
	je	8f
	callq	elsewhere@PLT
	popq	%rbx
	.cfi_def_cfa_offset 8
	retq
	.cfi_endproc
	.size	part, .-part
	.cfi_startproc
	nop
	.cfi_def_cfa_offset 16
	.cfi_offset rbx, -16
	movq	%rbx, %rdi
	callq	elsewhere@PLT
8:	popq	%rbx
	.cfi_def_cfa_offset 8
	retq
	.cfi_endproc

# Code without a name that begins on a stack that it is told in a register.
	.cfi_startproc
	movq	%rbx, %rsp
	movq	(%rsp), %rdi
	callq	elsewhere@PLT
	hlt
	.cfi_endproc
# Not judged by its code, however good: nobody calls it by the convention.
#= clone3: unsupported
	.globl	clone3
	.type	clone3,@function
clone3:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	clone3, .-clone3

# Its name says that it changes the rounding mode, and nothing else.
#= fesetround: proven
	.globl	fesetround
	.type	fesetround,@function
fesetround:
	.cfi_startproc
	movl	%edi, -4(%rsp)
	ldmxcsr	-4(%rsp)
	xorl	%eax, %eax
	retq
	.cfi_endproc
	.size	fesetround, .-fesetround

#= feholdexcept: refuted P3
	.globl	feholdexcept
	.type	feholdexcept,@function
feholdexcept:
	.cfi_startproc
	movl	%edi, -4(%rsp)
	ldmxcsr	-4(%rsp)
	xorl	%ebx, %ebx
	retq
	.cfi_endproc
	.size	feholdexcept, .-feholdexcept

# A slot that is written on one way to it only, whichever comes first.
#= saved_on_one_path: refuted P3
	.globl	saved_on_one_path
	.type	saved_on_one_path,@function
saved_on_one_path:
	.cfi_startproc
	subq	$24, %rsp
	testl	%edi, %edi
	je	1f
	movq	%rbx, 8(%rsp)
1:	movl	$1, %ebx
	movq	8(%rsp), %rbx
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	saved_on_one_path, .-saved_on_one_path

#= saved_on_the_other_path: refuted P3
	.globl	saved_on_the_other_path
	.type	saved_on_the_other_path,@function
saved_on_the_other_path:
	.cfi_startproc
	subq	$24, %rsp
	testl	%edi, %edi
	jne	2f
1:	movl	$1, %ebx
	movq	8(%rsp), %rbx
	addq	$24, %rsp
	retq
2:	movq	%rbx, 8(%rsp)
	jmp	1b
	.cfi_endproc
	.size	saved_on_the_other_path, .-saved_on_the_other_path

# SP is read back from a slot whose address a callee has had.
#= slot_given_away: unsupported
	.globl	slot_given_away
	.type	slot_given_away,@function
slot_given_away:
	.cfi_startproc
	subq	$24, %rsp
	movq	%rsp, 8(%rsp)
	leaq	8(%rsp), %rdi
	callq	*%rsi
	movq	8(%rsp), %rsp
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	slot_given_away, .-slot_given_away

# A saved register is read back in two parts, and the other way round.
#= parts_swapped: refuted P3
	.globl	parts_swapped
	.type	parts_swapped,@function
parts_swapped:
	.cfi_startproc
	subq	$24, %rsp
	movl	%ebx, 12(%rsp)
	shrq	$32, %rbx
	movl	%ebx, 8(%rsp)
	movq	8(%rsp), %rbx
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	parts_swapped, .-parts_swapped

# Half of a slot is written over.
#= slot_half_lost: refuted P3
	.globl	slot_half_lost
	.type	slot_half_lost,@function
slot_half_lost:
	.cfi_startproc
	subq	$24, %rsp
	movq	%rbx, 8(%rsp)
	movl	%edi, 12(%rsp)
	movl	$1, %ebx
	movq	8(%rsp), %rbx
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	slot_half_lost, .-slot_half_lost

# Only the lower half of a slot is read back.
#= slot_half_read: refuted P3
	.globl	slot_half_read
	.type	slot_half_read,@function
slot_half_read:
	.cfi_startproc
	subq	$24, %rsp
	movq	%rbx, 8(%rsp)
	movl	8(%rsp), %ebx
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	slot_half_read, .-slot_half_read

# Something is mixed into a saved register.
#= or_onto_saved: refuted P3
	.globl	or_onto_saved
	.type	or_onto_saved,@function
or_onto_saved:
	.cfi_startproc
	orq	%rdi, %rbx
	retq
	.cfi_endproc
	.size	or_onto_saved, .-or_onto_saved

#= xor_with_saved: refuted P3
	.globl	xor_with_saved
	.type	xor_with_saved,@function
xor_with_saved:
	.cfi_startproc
	xorq	%rbx, %rdi
	movq	%rdi, %rbx
	retq
	.cfi_endproc
	.size	xor_with_saved, .-xor_with_saved

#= xor_saved_onto_another: refuted P3
	.globl	xor_saved_onto_another
	.type	xor_saved_onto_another,@function
xor_saved_onto_another:
	.cfi_startproc
	xorq	%rbx, %r12
	retq
	.cfi_endproc
	.size	xor_saved_onto_another, .-xor_saved_onto_another

# A slot that a later round of the loop writes over.
#= lost_in_a_loop: refuted P3
	.globl	lost_in_a_loop
	.type	lost_in_a_loop,@function
lost_in_a_loop:
	.cfi_startproc
	subq	$24, %rsp
	movq	%rbx, 8(%rsp)
1:	testl	%edi, %edi
	je	2f
	movq	%rdi, 8(%rsp)
	subl	$1, %edi
	jmp	1b
2:	movl	$1, %ebx
	movq	8(%rsp), %rbx
	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	lost_in_a_loop, .-lost_in_a_loop
