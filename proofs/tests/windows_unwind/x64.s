// Functions for Windows on x86-64 and what unwinders are told of them. What a name begins with is what is expected:
// `right_`: at every instruction; `wrong_`: refuted; `listed_`: the codes are read as llvm reads them, no more.

.globl right_frame_register
.seh_proc right_frame_register
right_frame_register:
  pushq %rbp
  .seh_pushreg %rbp
  pushq %r12
  .seh_pushreg %r12
  subq $168, %rsp
  .seh_stackalloc 168
  leaq 128(%rsp), %rbp
  .seh_setframe %rbp, 128
  movq %rsi, 136(%rsp)
  .seh_savereg %rsi, 136
  movaps %xmm6, 32(%rsp)
  .seh_savexmm %xmm6, 32
  .seh_endprologue
  xorl %esi, %esi
  xorps %xmm6, %xmm6
  subq $64, %rsp
  callq g
  testl %eax, %eax
  jne 1f
  movaps -96(%rbp), %xmm6
  movq 8(%rbp), %rsi
  leaq 40(%rbp), %rsp
  popq %r12
  popq %rbp
  retq
1:
  callq g
  movaps -96(%rbp), %xmm6
  movq 8(%rbp), %rsi
  leaq 40(%rbp), %rsp
  popq %r12
  popq %rbp
  jmp g
.seh_endproc

.globl right_far
.seh_proc right_far
right_far:
  subq $1048632, %rsp
  .seh_stackalloc 1048632
  movq %rbx, 1048600(%rsp)
  .seh_savereg %rbx, 1048600
  movaps %xmm9, 1048576(%rsp)
  .seh_savexmm %xmm9, 1048576
  .seh_endprologue
  movl $1, %ebx
  xorps %xmm9, %xmm9
  callq g
  movaps 1048576(%rsp), %xmm9
  movq 1048600(%rsp), %rbx
  addq $1048632, %rsp
  retq
.seh_endproc

.globl right_leaf
.seh_proc right_leaf
right_leaf:
  pushq %rdi
  .seh_pushreg %rdi
  pushq %r15
  .seh_pushreg %r15
  .seh_endprologue
  xorl %edi, %edi
  xorl %r15d, %r15d
  popq %r15
  popq %rdi
  retq
.seh_endproc

.globl right_tail_jump
.seh_proc right_tail_jump
right_tail_jump:
  subq $40, %rsp
  .seh_stackalloc 40
  .seh_endprologue
  callq g
  addq $40, %rsp
  rex64 jmpq *%rax
.seh_endproc

// Without REX.W the unwinder takes it for a jump within the function: SP is already the caller's.
.globl wrong_tail_jump
.seh_proc wrong_tail_jump
wrong_tail_jump:
  subq $40, %rsp
  .seh_stackalloc 40
  .seh_endprologue
  callq g
  addq $40, %rsp
  jmpq *%rax
.seh_endproc

.globl wrong_size
.seh_proc wrong_size
wrong_size:
  pushq %rbx
  .seh_pushreg %rbx
  subq $48, %rsp
  .seh_stackalloc 56
  .seh_endprologue
  xorl %ebx, %ebx
  callq g
  addq $48, %rsp
  popq %rbx
  retq
.seh_endproc

.globl wrong_slot
.seh_proc wrong_slot
wrong_slot:
  subq $56, %rsp
  .seh_stackalloc 56
  movq %rbx, 40(%rsp)
  .seh_savereg %rbx, 48
  .seh_endprologue
  xorl %ebx, %ebx
  callq g
  movq 40(%rsp), %rbx
  addq $56, %rsp
  retq
.seh_endproc

// Two changes of SP are not seen as one epilog, but each as the beginning of one.
.globl right_epilog_of_two_steps
.seh_proc right_epilog_of_two_steps
right_epilog_of_two_steps:
  pushq %rbx
  .seh_pushreg %rbx
  subq $48, %rsp
  .seh_stackalloc 48
  .seh_endprologue
  callq g
  addq $16, %rsp
  addq $32, %rsp
  popq %rbx
  retq
.seh_endproc

// Among the pops is an instruction that the unwinder does not expect there.
.globl wrong_epilog
.seh_proc wrong_epilog
wrong_epilog:
  pushq %rbx
  .seh_pushreg %rbx
  pushq %rdi
  .seh_pushreg %rdi
  subq $40, %rsp
  .seh_stackalloc 40
  .seh_endprologue
  callq g
  addq $40, %rsp
  popq %rdi
  leaq (%rsp), %rsp
  popq %rbx
  retq
.seh_endproc

.globl listed_interrupt
.seh_proc listed_interrupt
listed_interrupt:
  .seh_pushframe @code
  pushq %rax
  .seh_stackalloc 8
  .seh_endprologue
  popq %rax
  addq $8, %rsp
  iretq
.seh_endproc
