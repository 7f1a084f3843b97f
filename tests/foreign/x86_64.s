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

#= thunk_fault: undecided
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

# A jump to a place that is computed: to any instruction with that frame.
#= computed_jump: proven, switch-targets
	.globl	computed_jump
	.type	computed_jump,@function
computed_jump:
	.cfi_startproc
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
	leaq	1f(%rip), %rax
	leaq	(%rax,%rdi,4), %rax
	jmpq	*%rax
1:	movl	$1, %ebx
	movl	$2, %ebx
	callq	elsewhere@PLT
2:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	computed_jump, .-computed_jump

#= computed_jump_fault: undecided
	.globl	computed_jump_fault
	.type	computed_jump_fault,@function
computed_jump_fault:
	.cfi_startproc
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
	leaq	1f(%rip), %rax
	subq	%rdi, %rax
	jmpq	*%rax
	.cfi_def_cfa_offset	8
	retq
1:	.cfi_def_cfa_offset	16
	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	computed_jump_fault, .-computed_jump_fault

# One of two places of the function, chosen before.
#= chosen_before: proven, switch-targets
	.globl	chosen_before
	.type	chosen_before,@function
chosen_before:
	.cfi_startproc
	pushq	%rbx
	leaq	1f(%rip), %rax
	testl	%edi, %edi
	je	3f
	leaq	2f(%rip), %rax
3:	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
	retq
	.cfi_endproc
	.size	chosen_before, .-chosen_before

# That the frame is the one it leads to is assumed.
#= chosen_before_assumed: proven, switch-targets
	.globl	chosen_before_assumed
	.type	chosen_before_assumed,@function
chosen_before_assumed:
	.cfi_startproc
	pushq	%rbx
	leaq	1f(%rip), %rax
	testl	%edi, %edi
	je	3f
	leaq	2f(%rip), %rax
3:	jmpq	*%rax
1:	popq	%rbx
2:	retq
	.cfi_endproc
	.size	chosen_before_assumed, .-chosen_before_assumed

# One jump for two tables.
#= jump_of_two_tables: proven, switch-targets
	.globl	jump_of_two_tables
	.type	jump_of_two_tables,@function
jump_of_two_tables:
	.cfi_startproc
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	testl	%esi, %esi
	je	3f
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmp	4f
3:	leaq	6f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
4:	jmpq	*%rax
1:	movl	$7, %ebx
2:	popq	%rbx
	retq
	.cfi_endproc
	.size	jump_of_two_tables, .-jump_of_two_tables
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b
6:	.long	2b-6b, 1b-6b
	.text

# A table of addresses.
#= pointers: proven, jump-table
	.globl	pointers
	.type	pointers,@function
pointers:
	.cfi_startproc
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rax,8)
1:	movl	$1, %ebx
2:	popq	%rbx
	retq
	.cfi_endproc
	.size	pointers, .-pointers
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	1b, 2b
	.text

#= pointers_fault: refuted P1
	.globl	pointers_fault
	.type	pointers_fault,@function
pointers_fault:
	.cfi_startproc
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rax,8)
1:	popq	%rbx
2:	retq
	.cfi_endproc
	.size	pointers_fault, .-pointers_fault
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	1b, 2b
	.text

# A tail call through a table of functions.
#= pointers_to_functions: proven
	.globl	pointers_to_functions
	.type	pointers_to_functions,@function
pointers_to_functions:
	.cfi_startproc
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rdi,8)
	.cfi_endproc
	.size	pointers_to_functions, .-pointers_to_functions
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	one_callee, other_callee
	.text

#= pointers_to_functions_fault: refuted P1
	.globl	pointers_to_functions_fault
	.type	pointers_to_functions_fault,@function
pointers_to_functions_fault:
	.cfi_startproc
	pushq	%rbx
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rdi,8)
	.cfi_endproc
	.size	pointers_to_functions_fault, .-pointers_to_functions_fault
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	one_callee, other_callee
	.text

	.text

# Tables one behind another, each with a frame of its own: the first one ends where the second one begins.
#= tables_in_a_row: proven, jump-table
	.globl	tables_in_a_row
	.type	tables_in_a_row,@function
tables_in_a_row:
	.cfi_startproc
	testl	%esi, %esi
	jne	7f
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
	retq
7:	andl	$1, %edi
	leaq	6f(%rip), %rcx
	movslq	(%rcx,%rdi,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
3:	movl	$1, %eax
4:	retq
	.cfi_endproc
	.size	tables_in_a_row, .-tables_in_a_row
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b
6:	.long	3b-6b, 4b-6b
	.text

# Numbers behind a table that look like entries: the compare before the jump says that nobody comes to them.
#= table_bounded_by_compare: proven, jump-table
	.globl	table_bounded_by_compare
	.type	table_bounded_by_compare,@function
table_bounded_by_compare:
	.cfi_startproc
	pushq	%rbx
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
3:	retq
	.cfi_endproc
	.size	table_bounded_by_compare, .-table_bounded_by_compare
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 3b-5b, 3b-5b
	.text

#= table_bounded_too_far: refuted P1
	.globl	table_bounded_too_far
	.type	table_bounded_too_far,@function
table_bounded_too_far:
	.cfi_startproc
	pushq	%rbx
	cmpl	$2, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
3:	retq
	.cfi_endproc
	.size	table_bounded_too_far, .-table_bounded_too_far
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 3b-5b, 3b-5b
	.text

# Entries of one byte and of two, with and without a sign.
#= table_of_bytes: proven, jump-table
	.globl	table_of_bytes
	.type	table_of_bytes,@function
table_of_bytes:
	.cfi_startproc
	cmpl	$2, %edi
	ja	2f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movzbl	(%rcx,%rax), %eax
	leaq	1f(%rip), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %eax
2:	movl	$2, %ecx
3:	retq
	.cfi_endproc
	.size	table_of_bytes, .-table_of_bytes
	.section	.rodata,"a",@progbits
5:	.byte	1b-1b, 2b-1b, 3b-1b
	.text

#= table_of_signed_bytes: proven, jump-table
	.globl	table_of_signed_bytes
	.type	table_of_signed_bytes,@function
table_of_signed_bytes:
	.cfi_startproc
	cmpl	$2, %edi
	ja	2f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movsbq	(%rcx,%rax), %rax
	leaq	3f(%rip), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %eax
2:	movl	$2, %ecx
3:	retq
	.cfi_endproc
	.size	table_of_signed_bytes, .-table_of_signed_bytes
	.section	.rodata,"a",@progbits
5:	.byte	1b-3b, 2b-3b, 3b-3b
	.text

#= table_of_unsigned_negatives: proven, switch-targets
	.globl	table_of_unsigned_negatives
	.type	table_of_unsigned_negatives,@function
table_of_unsigned_negatives:
	.cfi_startproc
	pushq	%rbx
	cmpl	$2, %edi
	ja	3f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movzwl	(%rcx,%rax,2), %eax
	leaq	3f(%rip), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %eax
2:	movl	$2, %ecx
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_of_unsigned_negatives, .-table_of_unsigned_negatives
	.section	.rodata,"a",@progbits
	.p2align	1
5:	.short	1b-3b, 2b-3b, 3b-3b
	.text

#= table_of_shorts_twice_extended: proven, switch-targets
	.globl	table_of_shorts_twice_extended
	.type	table_of_shorts_twice_extended,@function
table_of_shorts_twice_extended:
	.cfi_startproc
	cmpl	$2, %edi
	ja	3f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movswl	(%rcx,%rax,2), %eax
	cltq
	leaq	3f(%rip), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %eax
2:	movl	$2, %ecx
3:	retq
	.cfi_endproc
	.size	table_of_shorts_twice_extended, .-table_of_shorts_twice_extended
	.section	.rodata,"a",@progbits
	.p2align	1
5:	.short	1b-3b, 2b-3b, 3b-3b
	.text

#= table_shifted: proven, jump-table
	.globl	table_shifted
	.type	table_shifted,@function
table_shifted:
	.cfi_startproc
	cmpl	$2, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movzbl	(%rcx,%rax), %eax
	shlq	$3, %rax
	leaq	1f(%rip), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
	.p2align	3
1:	movl	$1, %eax
	.p2align	3
2:	movl	$2, %ecx
	.p2align	3
3:	retq
	.cfi_endproc
	.size	table_shifted, .-table_shifted
	.section	.rodata,"a",@progbits
5:	.byte	(1b-1b)/8, (2b-1b)/8, (3b-1b)/8
	.text

# Half of an entry is read.
#= table_of_half_entries: proven, switch-targets
	.globl	table_of_half_entries
	.type	table_of_half_entries,@function
table_of_half_entries:
	.cfi_startproc
	pushq	%rbx
	cmpl	$2, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movl	(%rcx,%rax,4), %eax
	movsbq	%al, %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	table_of_half_entries, .-table_of_half_entries
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 1b-5b, 1b-5b
	.text

# A subroutine inside of the function.
#= subroutine: proven
	.globl	subroutine
	.type	subroutine,@function
subroutine:
	.cfi_startproc
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
	callq	1f
	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
1:	.cfi_def_cfa_offset	24
	movl	$1, %ebx
	retq
	.cfi_endproc
	.size	subroutine, .-subroutine

#= subroutine_fault: refuted P3
	.globl	subroutine_fault
	.type	subroutine_fault,@function
subroutine_fault:
	.cfi_startproc
	pushq	%rbx
	callq	1f
	popq	%rax
	retq
1:	movl	$1, %ebx
	retq
	.cfi_endproc
	.size	subroutine_fault, .-subroutine_fault

# To a place where nothing is.
#= nowhere: undecided
	.globl	nowhere
	.type	nowhere,@function
nowhere:
	.cfi_startproc
	pushq	%rbx
	.byte	0xe9
	.long	0x300000
	.cfi_endproc
	.size	nowhere, .-nowhere

#= nowhere_repaid: proven
	.globl	nowhere_repaid
	.type	nowhere_repaid,@function
nowhere_repaid:
	.cfi_startproc
	.byte	0xe9
	.long	0x300000
	.cfi_endproc
	.size	nowhere_repaid, .-nowhere_repaid

# What lies behind is another function: nobody comes to the end.
#= jumps_to_its_end: proven, unreachable-end
	.globl	jumps_to_its_end
	.type	jumps_to_its_end,@function
jumps_to_its_end:
	.cfi_startproc
	pushq	%rbx
	testl	%edi, %edi
	je	8f
	popq	%rbx
	retq
	.cfi_endproc
	.size	jumps_to_its_end, .-jumps_to_its_end

#= behind_the_end: proven
	.globl	behind_the_end
	.type	behind_the_end,@function
behind_the_end:
	.cfi_startproc
8:	nop
	retq
	.cfi_endproc
	.size	behind_the_end, .-behind_the_end

# It goes on in the middle of another function, with the same frame or with another one.
#= middle: proven
	.globl	middle
	.type	middle,@function
middle:
	.cfi_startproc
	pushq	%rbx
	movl	$1, %ebx
	callq	elsewhere@PLT
middle_inside:
	popq	%rbx
	retq
	.cfi_endproc
	.size	middle, .-middle

#= into_the_middle: proven
	.globl	into_the_middle
	.type	into_the_middle,@function
into_the_middle:
	.cfi_startproc
	pushq	%rbx
	movl	$2, %ebx
	callq	elsewhere@PLT
	jmp	middle_inside
	.cfi_endproc
	.size	into_the_middle, .-into_the_middle

#= into_the_middle_fault: refuted P1
	.globl	into_the_middle_fault
	.type	into_the_middle_fault,@function
into_the_middle_fault:
	.cfi_startproc
	movl	$2, %eax
	jmp	middle_inside
	.cfi_endproc
	.size	into_the_middle_fault, .-into_the_middle_fault

# SP is not aligned: a function of the same program may do without, others may not.
#= unaligned_helper: proven, unaligned-helper
	.globl	unaligned_helper
	.type	unaligned_helper,@function
unaligned_helper:
	.cfi_startproc
	callq	one_callee
	retq
	.cfi_endproc
	.size	unaligned_helper, .-unaligned_helper

#= unaligned_fault: refuted P5
	.globl	unaligned_fault
	.type	unaligned_fault,@function
unaligned_fault:
	.cfi_startproc
	callq	*%rdi
	retq
	.cfi_endproc
	.size	unaligned_fault, .-unaligned_fault

# What does not return is called through a word that the loader fills.
#= thrower_by_word: proven, no-return
	.globl	thrower_by_word
	.type	thrower_by_word,@function
thrower_by_word:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rax
	callq	*abort@GOTPCREL(%rip)
1:	retq
	.cfi_endproc
	.size	thrower_by_word, .-thrower_by_word

#= returner_by_word: refuted P1
	.globl	returner_by_word
	.type	returner_by_word,@function
returner_by_word:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rax
	callq	*elsewhere@GOTPCREL(%rip)
1:	retq
	.cfi_endproc
	.size	returner_by_word, .-returner_by_word

#= tail_by_word: proven
	.globl	tail_by_word
	.type	tail_by_word,@function
tail_by_word:
	.cfi_startproc
	movq	elsewhere@GOTPCREL(%rip), %rax
	jmpq	*%rax
	.cfi_endproc
	.size	tail_by_word, .-tail_by_word

#= tail_by_word_fault: refuted P1
	.globl	tail_by_word_fault
	.type	tail_by_word_fault,@function
tail_by_word_fault:
	.cfi_startproc
	pushq	%rbx
	movq	elsewhere@GOTPCREL(%rip), %rax
	jmpq	*%rax
	.cfi_endproc
	.size	tail_by_word_fault, .-tail_by_word_fault

# A helper that touches pages is told how far down, and leaves all as it is.
#= probed: proven, probe-helper
	.globl	probed
	.type	probed,@function
probed:
	.cfi_startproc
	leaq	-8192(%rsp), %r11
	callq	*%rax
	movq	%r11, %rsp
	addq	$8192, %rsp
	retq
	.cfi_endproc
	.size	probed, .-probed

# Arguments are nothing of the kind.
#= probed_by_argument: unsupported
	.globl	probed_by_argument
	.type	probed_by_argument,@function
probed_by_argument:
	.cfi_startproc
	pushq	%rbx
	leaq	-8192(%rsp), %rdi
	callq	*%rax
	movq	%rdi, %rsp
	addq	$8200, %rsp
	retq
	.cfi_endproc
	.size	probed_by_argument, .-probed_by_argument

#= probed_above: unsupported
	.globl	probed_above
	.type	probed_above,@function
probed_above:
	.cfi_startproc
	pushq	%rbx
	leaq	8(%rsp), %r11
	callq	*%rax
	movq	%r11, %rsp
	retq
	.cfi_endproc
	.size	probed_above, .-probed_above

# An exception that a call raises is caught here, with the frame as at the call.
#= catches: proven, handler-resume
	.globl	catches
	.type	catches,@function
catches:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcatches
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
2:	callq	elsewhere@PLT
3:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
4:	.cfi_def_cfa_offset	16
	movl	$1, %ebx
	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	catches, .-catches
	.section	.gcc_except_table,"a",@progbits
.Lcatches:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-catches, 3b-2b, 4b-catches, 0
7:
	.text

#= catches_fault: refuted P3
	.globl	catches_fault
	.type	catches_fault,@function
catches_fault:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcatches_fault
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
2:	callq	elsewhere@PLT
3:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
4:	.cfi_def_cfa_offset	16
	movl	$1, %ebx
	popq	%rcx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	catches_fault, .-catches_fault
	.section	.gcc_except_table,"a",@progbits
.Lcatches_fault:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-catches_fault, 3b-2b, 4b-catches_fault, 0
7:
	.text

#= caught_elsewhere: undecided
	.globl	caught_elsewhere
	.type	caught_elsewhere,@function
caught_elsewhere:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcaught_elsewhere
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
2:	callq	elsewhere@PLT
3:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	caught_elsewhere, .-caught_elsewhere
.Lnobodys:
	nop
	.section	.gcc_except_table,"a",@progbits
.Lcaught_elsewhere:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-caught_elsewhere, 3b-2b, .Lnobodys-caught_elsewhere, 0
7:
	.text

#= caught_far_away: undecided
	.globl	caught_far_away
	.type	caught_far_away,@function
caught_far_away:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcaught_far_away
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
2:	callq	elsewhere@PLT
3:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	caught_far_away, .-caught_far_away
	.section	.gcc_except_table,"a",@progbits
.Lcaught_far_away:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-caught_far_away, 3b-2b, 0x200000, 0
7:
	.text

#= personality: proven
	.globl	personality
	.type	personality,@function
personality:
	.cfi_startproc
	.hidden	personality
	retq
	.cfi_endproc
	.size	personality, .-personality

# To an address that is not known.
#= unknown_jump: undecided
	.globl	unknown_jump
	.type	unknown_jump,@function
unknown_jump:
	.cfi_startproc
	pushq	%rbx
	jmpq	*%rdi
	.cfi_endproc
	.size	unknown_jump, .-unknown_jump

#= unknown_tail: proven
	.globl	unknown_tail
	.type	unknown_tail,@function
unknown_tail:
	.cfi_startproc
	jmpq	*%rdi
	.cfi_endproc
	.size	unknown_tail, .-unknown_tail

# A store to the code that runs.
#= changes_itself: unsupported
	.globl	changes_itself
	.type	changes_itself,@function
changes_itself:
	.cfi_startproc
1:	movl	$0, 1b(%rip)
	retq
	.cfi_endproc
	.size	changes_itself, .-changes_itself

# A store somewhere in the frame: what the caller is owed is not there.
#= indexed: proven, frame-address
	.globl	indexed
	.type	indexed,@function
indexed:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	movq	%rdi, (%rsp,%rsi,8)
	leaq	(%rsp,%rsi,8), %rax
	subq	$8, %rax
	movq	%rdi, (%rax)
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	indexed, .-indexed

# As many bytes as a register says.
#= filled: proven
	.globl	filled
	.type	filled,@function
filled:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	leaq	(%rsp), %rdi
	movl	$8, %ecx
	xorl	%eax, %eax
	rep	stosq
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	filled, .-filled

#= filled_too_far: refuted P3
	.globl	filled_too_far
	.type	filled_too_far,@function
filled_too_far:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	leaq	(%rsp), %rdi
	movl	$9, %ecx
	xorl	%eax, %eax
	rep	stosq
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	filled_too_far, .-filled_too_far

#= filled_as_told: proven, frame-address
	.globl	filled_as_told
	.type	filled_as_told,@function
filled_as_told:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	leaq	(%rsp), %rdi
	movl	%esi, %ecx
	xorl	%eax, %eax
	rep	stosq
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	filled_as_told, .-filled_as_told

#= filled_without_end: proven, frame-address
	.globl	filled_without_end
	.type	filled_without_end,@function
filled_without_end:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	leaq	(%rsp), %rdi
	movl	$0x80000000, %ecx
	xorl	%eax, %eax
	rep	stosb
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	filled_without_end, .-filled_without_end

# Distances between places of the frame, and between places of the code.
#= distance: proven
	.globl	distance
	.type	distance,@function
distance:
	.cfi_startproc
	subq	$24, %rsp
	leaq	24(%rsp), %rax
	subq	%rsp, %rax
	addq	%rax, %rsp
	retq
	.cfi_endproc
	.size	distance, .-distance

#= distance_fault: refuted P1
	.globl	distance_fault
	.type	distance_fault,@function
distance_fault:
	.cfi_startproc
	subq	$24, %rsp
	leaq	16(%rsp), %rax
	subq	%rsp, %rax
	addq	%rax, %rsp
	retq
	.cfi_endproc
	.size	distance_fault, .-distance_fault

#= distance_in_code: proven
	.globl	distance_in_code
	.type	distance_in_code,@function
distance_in_code:
	.cfi_startproc
	leaq	2f(%rip), %rax
	leaq	1f(%rip), %rcx
	subq	%rcx, %rax
	leaq	1f(%rip), %rcx
	addq	%rax, %rcx
	jmpq	*%rcx
1:	pushq	%rax
2:	retq
	.cfi_endproc
	.size	distance_in_code, .-distance_in_code

# An area of unknown size, and further ones below it.
#= dynamic_twice: proven, dynamic-frame
	.globl	dynamic_twice
	.type	dynamic_twice,@function
dynamic_twice:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register	%rbp
	pushq	%rbx
	.cfi_offset	%rbx, -24
	subq	%rdi, %rsp
	subq	$16, %rsp
	movq	%rdi, 8(%rsp)
	leaq	8(%rsp), %rax
	movq	%rdi, (%rax)
	callq	elsewhere@PLT
	addq	$16, %rsp
	andq	$-48, %rsp
	callq	elsewhere@PLT
	movq	-8(%rbp), %rbx
	leave
	.cfi_def_cfa	%rsp, 8
	retq
	.cfi_endproc
	.size	dynamic_twice, .-dynamic_twice

# Bits that are cleared from above leave no address of the frame.
#= cleared_above: undecided
	.globl	cleared_above
	.type	cleared_above,@function
cleared_above:
	.cfi_startproc
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	movl	$0x7fffffff, %eax
	andq	%rax, %rsp
	movq	-8(%rbp), %rbx
	leave
	retq
	.cfi_endproc
	.size	cleared_above, .-cleared_above

# What may be an address in the frame or not.
#= frame_or_not: proven, frame-address
	.globl	frame_or_not
	.type	frame_or_not,@function
frame_or_not:
	.cfi_startproc
	pushq	%rbx
	subq	$16, %rsp
	testl	%esi, %esi
	je	1f
	leaq	8(%rsp), %rdi
1:	movq	%rsi, (%rdi)
	addq	$16, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	frame_or_not, .-frame_or_not

# A frame that is cleared in a loop; the loop goes one too far.
#= cleared: proven
	.globl	cleared
	.type	cleared,@function
cleared:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	movl	$8, %ecx
1:	movq	$0, -8(%rsp,%rcx,8)
	subl	$1, %ecx
	jne	1b
	callq	*%rdi
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	cleared, .-cleared

#= cleared_too_far: undecided
	.globl	cleared_too_far
	.type	cleared_too_far,@function
cleared_too_far:
	.cfi_startproc
	pushq	%rbx
	subq	$64, %rsp
	movl	$9, %ecx
1:	movq	$0, -8(%rsp,%rcx,8)
	subl	$1, %ecx
	jne	1b
	callq	*%rdi
	addq	$64, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	cleared_too_far, .-cleared_too_far

# The same word of memory is tested twice.
#= correlated_memory: undecided
	.globl	correlated_memory
	.type	correlated_memory,@function
correlated_memory:
	.cfi_startproc
	cmpl	$0, (%rdi)
	je	1f
	pushq	%rbx
1:	cmpl	$0, (%rdi)
	je	2f
	popq	%rbx
2:	retq
	.cfi_endproc
	.size	correlated_memory, .-correlated_memory

# It is written between.
#= correlated_until_written: refuted P1
	.globl	correlated_until_written
	.type	correlated_until_written,@function
correlated_until_written:
	.cfi_startproc
	cmpl	$0, (%rdi)
	je	1f
	pushq	%rbx
1:	movl	%esi, (%rdi)
	cmpl	$0, (%rdi)
	je	2f
	popq	%rbx
2:	retq
	.cfi_endproc
	.size	correlated_until_written, .-correlated_until_written

# The callee keeps what is tested, or does not.
#= correlated_over_a_call: undecided
	.globl	correlated_over_a_call
	.type	correlated_over_a_call,@function
correlated_over_a_call:
	.cfi_startproc
	testl	%ebx, %ebx
	je	1f
	pushq	%r12
1:	callq	one_callee
	testl	%ebx, %ebx
	je	2f
	popq	%r12
2:	retq
	.cfi_endproc
	.size	correlated_over_a_call, .-correlated_over_a_call

#= correlated_until_a_call: refuted P1
	.globl	correlated_until_a_call
	.type	correlated_until_a_call,@function
correlated_until_a_call:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%r12
1:	callq	one_callee
	testl	%edi, %edi
	je	2f
	popq	%r12
2:	retq
	.cfi_endproc
	.size	correlated_until_a_call, .-correlated_until_a_call

# In the frame; and written over by an instruction that is known by what it writes only.
#= correlated_slot: undecided
	.globl	correlated_slot
	.type	correlated_slot,@function
correlated_slot:
	.cfi_startproc
	subq	$24, %rsp
	movl	%edi, 16(%rsp)
	cmpl	$0, 16(%rsp)
	je	1f
	subq	$16, %rsp
1:	testl	%edi, %edi
	je	2f
	addq	$16, %rsp
2:	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	correlated_slot, .-correlated_slot

#= correlated_until_filled: refuted P1
	.globl	correlated_until_filled
	.type	correlated_until_filled,@function
correlated_until_filled:
	.cfi_startproc
	subq	$24, %rsp
	movl	%edi, 16(%rsp)
	fnstcw	16(%rsp)
	cmpw	$0, 16(%rsp)
	je	1f
	subq	$16, %rsp
1:	testl	%edi, %edi
	je	2f
	addq	$16, %rsp
2:	addq	$24, %rsp
	retq
	.cfi_endproc
	.size	correlated_until_filled, .-correlated_until_filled

# A branch on two registers, and the entry of a table that was read.
#= correlated_by_table: undecided
	.globl	correlated_by_table
	.type	correlated_by_table,@function
correlated_by_table:
	.cfi_startproc
	cmpl	$1, %edi
	ja	4f
	je	1f
	pushq	%rbx
1:	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	correlated_by_table, .-correlated_by_table
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	3b-5b, 4b-5b
	.text

# The code's page by clearing low bits: no program is moved by less. More bits are not known.
#= page_of_code: proven
	.globl	page_of_code
	.type	page_of_code,@function
page_of_code:
	.cfi_startproc
	leaq	1f(%rip), %rax
	movq	%rax, %rcx
	andq	$-4096, %rax
	andl	$4095, %ecx
	addq	%rcx, %rax
	jmpq	*%rax
1:	retq
	.cfi_endproc
	.size	page_of_code, .-page_of_code

#= pages_of_code: undecided
	.globl	pages_of_code
	.type	pages_of_code,@function
pages_of_code:
	.cfi_startproc
	pushq	%rbx
	leaq	1f(%rip), %rax
	movq	%rax, %rcx
	andq	$-8192, %rax
	andl	$8191, %ecx
	addq	%rcx, %rax
	jmpq	*%rax
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	pages_of_code, .-pages_of_code

#= distance_too_far: proven
	.globl	distance_too_far
	.type	distance_too_far,@function
distance_too_far:
	.cfi_startproc
	movabsq	$0x7fffffffffffffff, %rax
	addq	%rsp, %rax
	subq	%rsp, %rax
	retq
	.cfi_endproc
	.size	distance_too_far, .-distance_too_far

# It runs past its end into another function, with its frame in place or without one.
#= falls_through: proven
	.globl	falls_through
	.type	falls_through,@function
falls_through:
	.cfi_startproc
	movl	$1, %eax
	.cfi_endproc
	.size	falls_through, .-falls_through

#= fallen_into: proven
	.globl	fallen_into
	.type	fallen_into,@function
fallen_into:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	fallen_into, .-fallen_into

#= falls_through_fault: refuted P1
	.globl	falls_through_fault
	.type	falls_through_fault,@function
falls_through_fault:
	.cfi_startproc
	pushq	%rbx
	movl	$1, %ebx
	.cfi_endproc
	.size	falls_through_fault, .-falls_through_fault

#= fallen_into_too: proven
	.globl	fallen_into_too
	.type	fallen_into_too,@function
fallen_into_too:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	fallen_into_too, .-fallen_into_too

# An entry that leads to no instruction ends a table.
#= table_ends_at_no_instruction: proven, jump-table
	.globl	table_ends_at_no_instruction
	.type	table_ends_at_no_instruction,@function
table_ends_at_no_instruction:
	.cfi_startproc
	pushq	%rbx
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$0xc3, %ebx
2:	popq	%rbx
	retq
	.cfi_endproc
	.size	table_ends_at_no_instruction, .-table_ends_at_no_instruction
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 1b+1-5b
	.text

# A jump by a return.
#= jumps_by_return: undecided
	.globl	jumps_by_return
	.type	jumps_by_return,@function
jumps_by_return:
	.cfi_startproc
	leaq	one_callee(%rip), %rax
	pushq	%rax
	retq
	.cfi_endproc
	.size	jumps_by_return, .-jumps_by_return

#= jumps_inside_by_return: proven
	.globl	jumps_inside_by_return
	.type	jumps_inside_by_return,@function
jumps_inside_by_return:
	.cfi_startproc
	pushq	%rbx
	leaq	1f(%rip), %rax
	pushq	%rax
	retq
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	jumps_inside_by_return, .-jumps_inside_by_return

# By a word that is no address of code, and by the address of the middle of another function.
#= jump_by_a_number: proven, switch-targets
	.globl	jump_by_a_number
	.type	jump_by_a_number,@function
jump_by_a_number:
	.cfi_startproc
	pushq	%rbx
	jmpq	*5f(%rip)
	popq	%rbx
	retq
	.cfi_endproc
	.size	jump_by_a_number, .-jump_by_a_number
	.section	.rodata,"a",@progbits
	.p2align	3
5:	.quad	4660
	.text

#= pointer_into_the_middle: refuted P1
	.globl	pointer_into_the_middle
	.type	pointer_into_the_middle,@function
pointer_into_the_middle:
	.cfi_startproc
	pushq	%rbx
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rdi,8)
	.cfi_endproc
	.size	pointer_into_the_middle, .-pointer_into_the_middle
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	middle_inside+1
	.text

# What it calls was seen not to return; or unwind data says that nobody comes behind the call.
#= never_returns: proven
	.globl	never_returns
	.type	never_returns,@function
never_returns:
	.cfi_startproc
	.hidden	never_returns
	ud2
	.cfi_endproc
	.size	never_returns, .-never_returns

#= calls_what_never_returns: proven, no-return
	.globl	calls_what_never_returns
	.type	calls_what_never_returns,@function
calls_what_never_returns:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	pushq	%rax
	callq	never_returns
1:	retq
	.cfi_endproc
	.size	calls_what_never_returns, .-calls_what_never_returns

#= told_by_rows: proven, no-return
	.globl	told_by_rows
	.type	told_by_rows,@function
told_by_rows:
	.cfi_startproc
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
	testl	%edi, %edi
	je	1f
	callq	elsewhere@PLT
	.cfi_def_cfa_offset	8
	.cfi_restore	%rbx
	retq
1:	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
	popq	%rbx
	.cfi_def_cfa_offset	8
	.cfi_restore	%rbx
	retq
	.cfi_endproc
	.size	told_by_rows, .-told_by_rows

# The flag is changed behind a branch.
#= backwards_after_a_branch: refuted P15
	.globl	backwards_after_a_branch
	.type	backwards_after_a_branch,@function
backwards_after_a_branch:
	.cfi_startproc
	testl	%edi, %edi
	je	1f
	std
1:	retq
	.cfi_endproc
	.size	backwards_after_a_branch, .-backwards_after_a_branch

# A save that the frame, once it is aligned, may lie over.
#= saved_below_realigned: undecided
	.globl	saved_below_realigned
	.type	saved_below_realigned,@function
saved_below_realigned:
	.cfi_startproc
	pushq	%rbp
	movq	%rsp, %rbp
	movq	%rbx, -16(%rbp)
	andq	$-64, %rsp
	pushq	%rdi
	pushq	%rdi
	pushq	%rdi
	pushq	%rdi
	movl	$1, %ebx
	movq	-16(%rbp), %rbx
	leave
	retq
	.cfi_endproc
	.size	saved_below_realigned, .-saved_below_realigned

# A save among the incoming arguments, which are not known to be there.
#= saved_above: undecided
	.globl	saved_above
	.type	saved_above,@function
saved_above:
	.cfi_startproc
	movq	%rbx, 8(%rsp)
	movl	$1, %ebx
	movq	8(%rsp), %rbx
	retq
	.cfi_endproc
	.size	saved_above, .-saved_above

# A jump by a variable.
#= jump_by_variable: undecided
	.globl	jump_by_variable
	.type	jump_by_variable,@function
jump_by_variable:
	.cfi_startproc
	pushq	%rbx
	jmpq	*5f(%rip)
	.cfi_endproc
	.size	jump_by_variable, .-jump_by_variable
	.data
	.p2align	3
5:	.quad	4660
	.text

# A bit of the code's address that the loader decides.
#= bit_of_page: undecided
	.globl	bit_of_page
	.type	bit_of_page,@function
bit_of_page:
	.cfi_startproc
	pushq	%rbx
	leaq	1f(%rip), %rax
	andq	$-4097, %rax
	jmpq	*%rax
1:	popq	%rbx
	retq
	.cfi_endproc
	.size	bit_of_page, .-bit_of_page

#= bit_of_page_added: proven, switch-targets
	.globl	bit_of_page_added
	.type	bit_of_page_added,@function
bit_of_page_added:
	.cfi_startproc
	leaq	1f(%rip), %rax
	movl	%eax, %ecx
	leaq	1f(%rip), %rcx
	andq	$4096, %rcx
	addq	%rcx, %rax
	jmpq	*%rax
1:	retq
	.cfi_endproc
	.size	bit_of_page_added, .-bit_of_page_added

# Nothing says where the table ends: what follows looks like an entry.
#= table_without_bound: undecided
	.globl	table_without_bound
	.type	table_without_bound,@function
table_without_bound:
	.cfi_startproc
	pushq	%rbx
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
3:	retq
	.cfi_endproc
	.size	table_without_bound, .-table_without_bound
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b
	.text

# Bounded on one way to the jump only.
#= table_bounded_on_one_way: undecided
	.globl	table_bounded_on_one_way
	.type	table_bounded_on_one_way,@function
table_bounded_on_one_way:
	.cfi_startproc
	pushq	%rbx
	movl	%edi, %eax
	cmpl	$1, %edi
	jbe	7f
	testl	%esi, %esi
	je	1f
7:	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
3:	retq
	.cfi_endproc
	.size	table_bounded_on_one_way, .-table_bounded_on_one_way
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b
	.text

# The wrong entry is not the first one.
#= table_fault_behind_the_first: refuted P1
	.globl	table_fault_behind_the_first
	.type	table_fault_behind_the_first,@function
table_fault_behind_the_first:
	.cfi_startproc
	pushq	%rbx
	testl	%edi, %edi
	je	1f
	cmpl	$1, %edi
	ja	1f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	popq	%rbx
	retq
2:	retq
	.cfi_endproc
	.size	table_fault_behind_the_first, .-table_fault_behind_the_first
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b
	.text

# Tables in a row of which nothing says where they end but that the next one begins.
#= unbounded_in_a_row: proven, jump-table
	.globl	unbounded_in_a_row
	.type	unbounded_in_a_row,@function
unbounded_in_a_row:
	.cfi_startproc
	testl	%esi, %esi
	jne	7f
	pushq	%rbx
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rax,8)
1:	movl	$1, %ebx
2:	popq	%rbx
	retq
7:	movl	%edi, %eax
	leaq	6f(%rip), %rcx
	jmpq	*(%rcx,%rax,8)
3:	movl	$1, %eax
4:	retq
	.cfi_endproc
	.size	unbounded_in_a_row, .-unbounded_in_a_row
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	1b, 2b
6:	.quad	3b, 4b
	.text

# Half of an address.
#= half_of_a_pointer: proven, switch-targets
	.globl	half_of_a_pointer
	.type	half_of_a_pointer,@function
half_of_a_pointer:
	.cfi_startproc
	pushq	%rbx
	leaq	5f(%rip), %rcx
	movl	(%rcx,%rdi,8), %eax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	popq	%rbx
	retq
	.cfi_endproc
	.size	half_of_a_pointer, .-half_of_a_pointer
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	1b, 2b
	.text

#= tail_by_a_number: proven
	.globl	tail_by_a_number
	.type	tail_by_a_number,@function
tail_by_a_number:
	.cfi_startproc
	jmpq	*5f(%rip)
	.cfi_endproc
	.size	tail_by_a_number, .-tail_by_a_number
	.section	.rodata,"a",@progbits
	.p2align	3
5:	.quad	4660
	.text

#= pointer_to_nobody: undecided
	.globl	pointer_to_nobody
	.type	pointer_to_nobody,@function
pointer_to_nobody:
	.cfi_startproc
	pushq	%rbx
	leaq	5f(%rip), %rcx
	jmpq	*(%rcx,%rdi,8)
	.cfi_endproc
	.size	pointer_to_nobody, .-pointer_to_nobody
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
5:	.quad	.Lnobodys
	.text

# A jump leads to where the same registers are changed, by assumption.
#= computed_again: proven, switch-targets
	.globl	computed_again
	.type	computed_again,@function
computed_again:
	.cfi_startproc
	pushq	%r12
	leaq	1f(%rip), %rax
	addq	%rdi, %rax
	jmpq	*%rax
	popq	%r12
	retq
1:	movl	$1, %ebx
	leaq	1b(%rip), %rax
	addq	%rsi, %rax
	jmpq	*%rax
	.cfi_endproc
	.size	computed_again, .-computed_again

# Its last instruction is a call: who is called does not return.
#= ends_with_a_call: proven, no-return
	.globl	ends_with_a_call
	.type	ends_with_a_call,@function
ends_with_a_call:
	.cfi_startproc
	pushq	%rax
	callq	elsewhere@PLT
	.cfi_endproc
	.size	ends_with_a_call, .-ends_with_a_call

#= ends_with_a_call_and_nothing: proven, no-return
	.globl	ends_with_a_call_and_nothing
	.type	ends_with_a_call_and_nothing,@function
ends_with_a_call_and_nothing:
	.cfi_startproc
	pushq	%rax
	callq	elsewhere@PLT
	nop
	.cfi_endproc
	.size	ends_with_a_call_and_nothing, .-ends_with_a_call_and_nothing

#= ends_after_a_call: refuted P1
	.globl	ends_after_a_call
	.type	ends_after_a_call,@function
ends_after_a_call:
	.cfi_startproc
	pushq	%rbx
	callq	elsewhere@PLT
	movl	$1, %ebx
	.cfi_endproc
	.size	ends_after_a_call, .-ends_after_a_call

#= behind_a_call: proven
	.globl	behind_a_call
	.type	behind_a_call,@function
behind_a_call:
	.cfi_startproc
	retq
	.cfi_endproc
	.size	behind_a_call, .-behind_a_call

# A return address that is nowhere.
#= return_is_nowhere: proven
	.globl	return_is_nowhere
	.type	return_is_nowhere,@function
return_is_nowhere:
	.cfi_startproc
	.cfi_same_value	16
	retq
	.cfi_endproc
	.size	return_is_nowhere, .-return_is_nowhere

#= catches_with_junk: refuted P1
	.globl	catches_with_junk
	.type	catches_with_junk,@function
catches_with_junk:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcatches_with_junk
	pushq	%rbx
	testl	%edi, %edi
	je	8f
2:	callq	elsewhere@PLT
3:	popq	%rbx
	retq
4:	testl	%edi, %edi
	je	5f
8:	popq	%rbx
5:	retq
	.cfi_endproc
	.size	catches_with_junk, .-catches_with_junk
	.section	.gcc_except_table,"a",@progbits
.Lcatches_with_junk:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-catches_with_junk, 3b-2b, 4b-catches_with_junk, 0
7:
	.text

#= catches_but_goes_on: refuted P3
	.globl	catches_but_goes_on
	.type	catches_but_goes_on,@function
catches_but_goes_on:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcatches_but_goes_on
	pushq	%rbx
2:	callq	elsewhere@PLT
3:	movl	$1, %ebx
	testl	%esi, %esi
	je	9f
	nop
9:	popq	%rcx
	retq
4:	popq	%rbx
	retq
	.cfi_endproc
	.size	catches_but_goes_on, .-catches_but_goes_on
	.section	.gcc_except_table,"a",@progbits
.Lcatches_but_goes_on:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-catches_but_goes_on, 3b-2b, 4b-catches_but_goes_on, 0
7:
	.text

# The index is chosen by a condition: one of three. Nobody comes to the fourth entry, which leads to where nothing is pushed.
#= table_of_chosen: proven, jump-table
	.globl	table_of_chosen
	.type	table_of_chosen,@function
table_of_chosen:
	.cfi_startproc
	testl	%esi, %esi
	je	4f
	pushq	%rbx
	xorl	%eax, %eax
	cmpl	$2, %edi
	cmoval	%eax, %edi
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	movl	$2, %ebx
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_of_chosen, .-table_of_chosen
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 4b-5b
	.text

#= table_of_chosen_fault: refuted P1
	.globl	table_of_chosen_fault
	.type	table_of_chosen_fault,@function
table_of_chosen_fault:
	.cfi_startproc
	testl	%esi, %esi
	je	4f
	pushq	%rbx
	xorl	%eax, %eax
	cmpl	$3, %edi
	cmoval	%eax, %edi
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	movl	$2, %ebx
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_of_chosen_fault, .-table_of_chosen_fault
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 4b-5b
	.text

# The bound is a number that a register holds since before.
#= table_bound_in_register: proven, jump-table
	.globl	table_bound_in_register
	.type	table_bound_in_register,@function
table_bound_in_register:
	.cfi_startproc
	movl	$2, %edx
	testl	%esi, %esi
	je	4f
	pushq	%rbx
	testq	%r8, %r8
	je	6f
	movl	$7, %ebx
6:	cmpl	%edx, %edi
	ja	3f
	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	movl	$2, %ebx
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_bound_in_register, .-table_bound_in_register
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 4b-5b
	.text

# Bytes are taken by the low bits of an address of the program, which stay when it is moved by pages.
#= by_low_bits: proven
	.globl	by_low_bits
	.type	by_low_bits,@function
	.p2align	4
by_low_bits:
.Lby_low_bits:
	.cfi_startproc
	leaq	.Lby_low_bits+8(%rip), %rax
	andq	$15, %rax
	subq	%rax, %rsp
	addq	$8, %rsp
	retq
	.cfi_endproc
	.size	by_low_bits, .-by_low_bits

# The bit of a page does not stay.
#= by_page_bit: undecided
	.globl	by_page_bit
	.type	by_page_bit,@function
by_page_bit:
.Lby_page_bit:
	.cfi_startproc
	leaq	.Lby_page_bit(%rip), %rax
	andq	$4096, %rax
	subq	%rax, %rsp
	addq	%rax, %rsp
	retq
	.cfi_endproc
	.size	by_page_bit, .-by_page_bit

# A stack that no caller has made: a function without a name may be there for that, another one is not.
	.cfi_startproc
	movq	%rbx, %rsp
	callq	elsewhere@PLT
	ud2
	.cfi_endproc

#= on_another_stack: refuted P5
	.globl	on_another_stack
	.type	on_another_stack,@function
on_another_stack:
	.cfi_startproc
	movq	%rbx, %rsp
	callq	elsewhere@PLT
	ud2
	.cfi_endproc
	.size	on_another_stack, .-on_another_stack

# A jump leads on to another one, with more in the frame: that one may lead back to where SP is taken from a register.
#= computed_deeper: undecided
	.globl	computed_deeper
	.type	computed_deeper,@function
computed_deeper:
	.cfi_startproc
	leaq	1f(%rip), %rax
	addq	%rdi, %rax
	jmpq	*%rax
1:	pushq	%rcx
	movq	%rsp, %r11
	testl	%esi, %esi
	je	2f
	movq	%r11, %rsp
	popq	%rcx
	retq
2:	xorl	%r11d, %r11d
	leaq	1b(%rip), %rax
	addq	%rsi, %rax
	jmpq	*%rax
	.cfi_endproc
	.size	computed_deeper, .-computed_deeper

# As many bytes as a register says are set, outside of the frame.
#= sets_bytes: proven, heap-store
	.globl	sets_bytes
	.type	sets_bytes,@function
sets_bytes:
	.cfi_startproc
	movq	%rsi, %rcx
	xorl	%eax, %eax
	rep stosq
	retq
	.cfi_endproc
	.size	sets_bytes, .-sets_bytes

# The place of a saved register is set by the second round of a repeated store.
#= sets_bytes_fault: refuted P3
	.globl	sets_bytes_fault
	.type	sets_bytes_fault,@function
sets_bytes_fault:
	.cfi_startproc
	pushq	%rbx
	subq	$8, %rsp
	movl	$2, %ecx
	movq	%rsp, %rdi
	xorl	%eax, %eax
	rep stosq
	addq	$8, %rsp
	popq	%rbx
	retq
	.cfi_endproc
	.size	sets_bytes_fault, .-sets_bytes_fault

# The range of a landing pad spans a call that raises nothing: its frame is another one.
#= catches_one_of_two: proven, handler-resume
	.globl	catches_one_of_two
	.type	catches_one_of_two,@function
catches_one_of_two:
	.cfi_startproc
	.cfi_personality	0x1b, personality
	.cfi_lsda	0x1b, .Lcatches_one_of_two
	pushq	%rbx
	.cfi_def_cfa_offset	16
	.cfi_offset	%rbx, -16
2:	callq	elsewhere@PLT
	pushq	%r12
	.cfi_def_cfa_offset	24
	.cfi_offset	%r12, -24
	pushq	%rax
	.cfi_def_cfa_offset	32
	callq	elsewhere@PLT
	popq	%rax
	.cfi_def_cfa_offset	24
	popq	%r12
	.cfi_def_cfa_offset	16
	.cfi_restore	%r12
3:	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
4:	.cfi_def_cfa_offset	16
	movl	$1, %ebx
	popq	%rbx
	.cfi_def_cfa_offset	8
	retq
	.cfi_endproc
	.size	catches_one_of_two, .-catches_one_of_two
	.section	.gcc_except_table,"a",@progbits
.Lcatches_one_of_two:	.byte	255, 255, 1
	.uleb128	7f-6f
6:	.uleb128	2b-catches_one_of_two, 3b-2b, 4b-catches_one_of_two, 0
7:
	.text

# The index is in the upper half of a register of which the lower one is known.
#= table_by_upper_half: refuted P1
	.globl	table_by_upper_half
	.type	table_by_upper_half,@function
table_by_upper_half:
	.cfi_startproc
	testl	%edi, %edi
	je	4f
	pushq	%rbx
	movups	(%rsi), %xmm0
	xorps	%xmm1, %xmm1
	movsd	%xmm1, %xmm0
	testl	%edx, %edx
	je	6f
	movl	$7, %ebx
6:	movups	%xmm0, -24(%rsp)
	movq	-16(%rsp), %rax
	andl	$3, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	movl	$1, %ebx
2:	movl	$2, %ebx
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_by_upper_half, .-table_by_upper_half
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b, 4b-5b
	.text

# The index is the bit of a page, which is another one where the program is put elsewhere.
#= table_by_page: refuted P1
	.globl	table_by_page
	.type	table_by_page,@function
	.p2align	13
table_by_page:
.Ltable_by_page:
	.cfi_startproc
	testl	%edi, %edi
	je	4f
	pushq	%rbx
	leaq	.Ltable_by_page(%rip), %rax
	shrq	$12, %rax
	andl	$1, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
3:	popq	%rbx
4:	retq
	.cfi_endproc
	.size	table_by_page, .-table_by_page
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	3b-5b, 4b-5b
	.text

# Tables one behind another, each found only when the one before it has been seen to end: more walks than are made. What is not gone
# through is not right: nobody pops what is pushed.
#= tables_behind_tables: undecided
	.globl	tables_behind_tables
	.type	tables_behind_tables,@function
tables_behind_tables:
	.cfi_startproc
	pushq	%rbx
	leaq	.Lt1(%rip), %rdx
.Lc1:	movq	%rdx, %rcx
	leaq	.Lt2(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc2:	movq	%rdx, %rcx
	leaq	.Lt3(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc3:	movq	%rdx, %rcx
	leaq	.Lt4(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc4:	movq	%rdx, %rcx
	leaq	.Lt5(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc5:	movq	%rdx, %rcx
	leaq	.Lt6(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc6:	movq	%rdx, %rcx
	leaq	.Lt7(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc7:	movq	%rdx, %rcx
	leaq	.Lt8(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc8:	movq	%rdx, %rcx
	leaq	.Lt9(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc9:	movq	%rdx, %rcx
	leaq	.Lt10(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc10:	movq	%rdx, %rcx
	leaq	.Lt11(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc11:	movq	%rdx, %rcx
	leaq	.Lt12(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc12:	movq	%rdx, %rcx
	leaq	.Lt13(%rip), %rdx
	movl	(%rdi), %eax
	jmpq	*(%rcx,%rax,8)
.Lc13:	retq
	.cfi_endproc
	.size	tables_behind_tables, .-tables_behind_tables
	.section	.data.rel.ro,"aw",@progbits
	.p2align	3
.Lt1:	.quad	.Lc2, .Lc2
.Lt2:	.quad	.Lc3, .Lc3
.Lt3:	.quad	.Lc4, .Lc4
.Lt4:	.quad	.Lc5, .Lc5
.Lt5:	.quad	.Lc6, .Lc6
.Lt6:	.quad	.Lc7, .Lc7
.Lt7:	.quad	.Lc8, .Lc8
.Lt8:	.quad	.Lc9, .Lc9
.Lt9:	.quad	.Lc10, .Lc10
.Lt10:	.quad	.Lc11, .Lc11
.Lt11:	.quad	.Lc12, .Lc12
.Lt12:	.quad	.Lc13, .Lc13
.Lt13:	.quad	0
	.text

# The first instruction is the head of a loop, from whose end the index is bounded; who calls may give any.
#= first_byte_bounded: undecided
	.globl	first_byte_bounded
	.type	first_byte_bounded,@function
first_byte_bounded:
	.cfi_startproc
4:	movl	%edi, %eax
	leaq	5f(%rip), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmpq	*%rax
1:	cmpl	$1, %edi
	jbe	4b
2:	retq
3:	popq	%rcx
	retq
	.cfi_endproc
	.size	first_byte_bounded, .-first_byte_bounded
	.section	.rodata,"a",@progbits
	.p2align	2
5:	.long	1b-5b, 2b-5b, 3b-5b
	.text

# The return address is said to be in a register after that has another value.
#= return_in_register: proven
	.globl	return_in_register
	.type	return_in_register,@function
return_in_register:
	.cfi_startproc
	popq	%r11
	.cfi_def_cfa_offset 0
	.cfi_register %rip, %r11
	xorl	%eax, %eax
	pushq	%r11
	.cfi_def_cfa_offset 8
	movl	$1, %r11d
	nop
	retq
	.cfi_endproc
	.size	return_in_register, .-return_in_register

# The CFA is said to be counted from a register after that has another value.
#= cfa_in_register: proven
	.globl	cfa_in_register
	.type	cfa_in_register,@function
cfa_in_register:
	.cfi_startproc
	movq	%rsp, %r10
	.cfi_def_cfa_register %r10
	xorl	%eax, %eax
	movl	$1, %r10d
	nop
	retq
	.cfi_endproc
	.size	cfa_in_register, .-cfa_in_register
