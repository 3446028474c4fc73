// What the kernels need from the compiler: address spaces, thread indices, the barrier, and the operations that C has
// no operator for. With __NVPTX__ that is the device; without, it is the host, where a test runs the same kernels
// (../testdata/host.c).

typedef unsigned int uint;
typedef unsigned char uchar;
typedef unsigned long ulong;
typedef float float4 __attribute__((ext_vector_type(4)));
typedef uint uint4 __attribute__((ext_vector_type(4)));

#ifdef __NVPTX__

#define KERNEL __attribute__((nvptx_kernel))
#define GLOBAL __attribute__((address_space(1)))
#define SHARED __attribute__((address_space(3)))

extern SHARED float4 shared_memory[]; // as much as the launch asks for

static inline uint thread_index(void) { return __nvvm_read_ptx_sreg_tid_x(); }
static inline uint threads(void) { return __nvvm_read_ptx_sreg_ntid_x(); }
static inline uint block_x(void) { return __nvvm_read_ptx_sreg_ctaid_x(); }
static inline uint block_y(void) { return __nvvm_read_ptx_sreg_ctaid_y(); }
static inline uint blocks_x(void) { return __nvvm_read_ptx_sreg_nctaid_x(); }
static inline void barrier(void) { __syncthreads(); }

#else

#define KERNEL
#define GLOBAL
#define SHARED

extern float4 *shared_memory;
extern uint thread_index(void), threads(void), block_x(void), block_y(void), blocks_x(void);
extern void barrier(void);

#endif

static inline float as_float(uint bits) { return __builtin_bit_cast(float, bits); }
static inline uint as_uint(float x) { return __builtin_bit_cast(uint, x); }

// Each of these is one correctly rounded operation: fma.rn.f32 and sqrt.rn.f32.
static inline float fma_f32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline float sqrt_f32(float x) { return __builtin_sqrtf(x); }

// select_f32 is c ? a : b. The empty assembly keeps the compiler from making a maximum or minimum instruction of a
// compare and a select; those treat NaN and -0 in ways of their own.
static inline float select_f32(int c, float a, float b) {
#ifdef __NVPTX__
	__asm__("" : "+f"(a));
#endif
	return c ? a : b;
}

// dot4 adds the products of four pairs of int8 values to a sum. dp4a exists from compute capability 6.1 on.
static inline int dot4(uint a, uint b, int sum) {
#ifdef DP4A
	int result;
	__asm__("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
	return result;
#else
	for (int i = 0; i < 32; i += 8) sum += (int)(signed char)(a >> i) * (int)(signed char)(b >> i);
	return sum;
#endif
}

#define EACH_UNROLLED _Pragma("clang loop unroll(full)")
#define UNROLLED_BY_4 _Pragma("clang loop unroll_count(4)")
#define UNROLLED_BY_2 _Pragma("clang loop unroll_count(2)")
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")
