/* A jump through edge_cuda_table for each driver function; arguments, stack and return address stay as they are.
 *
 * GUARDED functions are those with which a driver loads more of itself. They are called rather than jumped to, and
 * the floating-point control register is put back as it was, for the reason that loader.c gives. That moves the
 * stack, so none of them may have arguments there. */

#define BEGIN(name)             \
	.globl name;            \
	.hidden name;           \
	.type name, %function;  \
	.balign 16;             \
	name: .cfi_startproc

#define END(name)               \
	.cfi_endproc;           \
	.size name, .-name

	.hidden edge_cuda_table
	.text

#if defined(__x86_64__)

#define FUNCTION(index, name)                          \
	BEGIN(name);                                   \
	jmpq *edge_cuda_table+8*index(%rip);           \
	END(name);

#define GUARDED(index, name)                           \
	BEGIN(name);                                   \
	subq $24, %rsp;                                \
	.cfi_adjust_cfa_offset 24;                     \
	stmxcsr 8(%rsp);                               \
	callq *edge_cuda_table+8*index(%rip);          \
	ldmxcsr 8(%rsp);                               \
	addq $24, %rsp;                                \
	.cfi_adjust_cfa_offset -24;                    \
	retq;                                          \
	END(name);

#elif defined(__aarch64__)

#define FUNCTION(index, name)                          \
	BEGIN(name);                                   \
	adrp x16, edge_cuda_table+8*index;             \
	ldr x16, [x16, :lo12:edge_cuda_table+8*index]; \
	br x16;                                        \
	END(name);

#define GUARDED(index, name)                           \
	BEGIN(name);                                   \
	stp x29, x30, [sp, -32]!;                      \
	.cfi_adjust_cfa_offset 32;                     \
	.cfi_rel_offset x29, 0;                        \
	.cfi_rel_offset x30, 8;                        \
	mov x29, sp;                                   \
	mrs x16, fpcr;                                 \
	str x16, [sp, 16];                             \
	adrp x16, edge_cuda_table+8*index;             \
	ldr x16, [x16, :lo12:edge_cuda_table+8*index]; \
	blr x16;                                       \
	ldr x16, [sp, 16];                             \
	msr fpcr, x16;                                 \
	ldp x29, x30, [sp], 32;                        \
	.cfi_adjust_cfa_offset -32;                    \
	.cfi_restore x29;                              \
	.cfi_restore x30;                              \
	ret;                                           \
	END(name);

#endif

#include "functions.h"

	.section .note.GNU-stack, "", %progbits
