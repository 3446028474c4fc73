// Integer arithmetic and conversions as C defines them, for two compilations of one source: as PTX, and for the
// processor, where main writes inputs and results to the standard output. README.md has the commands.
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;

enum { CASES = 48, RESULTS = 80 };

#ifdef __NVPTX__
#define GLOBAL __attribute__((address_space(1)))
#define CONSTANT __attribute__((address_space(4)))
#define INLINE __attribute__((always_inline)) static
#else
#define GLOBAL
#define CONSTANT
#define INLINE static
#endif

static const CONSTANT uint32_t table[16] = {9, 8, 7, 1u << 31, 5, 4, 3, 2, 1, 0, 11, 12, 13, 14, 15, 16};

INLINE uint32_t bits(float x) { return __builtin_bit_cast(uint32_t, x); }
INLINE uint64_t wide(double x) { return __builtin_bit_cast(uint64_t, x); }

INLINE uint32_t named(uint32_t x) {
	switch (x & 7) {
	case 0: return x * 3;
	case 1: return x ^ 0x55;
	case 2: return x - 77;
	case 3: return x / 5;
	case 4: return x << 3;
	case 5: return ~x;
	case 6: return x % 1000;
	}
	return 42;
}

INLINE void results(uint64_t x, uint64_t y, GLOBAL uint64_t *r) {
	const uint32_t a = (uint32_t)x, b = (uint32_t)y, n = b | 1;
	const int32_t i = (int32_t)a, j = (int32_t)b, m = (int32_t)(b & 0xffff) + 1;
	const int64_t s = (int64_t)x, t = (int64_t)y, q = (int64_t)(y & 0xffffffffff) + 1;
	const uint16_t c = (uint16_t)x, d = (uint16_t)y;
	const int16_t k = (int16_t)x, l = (int16_t)y;
	const uint8_t e = (uint8_t)x, f = (uint8_t)y;
	const int8_t g = (int8_t)x, h = (int8_t)y;

	*r++ = a + b; *r++ = a - b; *r++ = a * b; *r++ = a / n; *r++ = a % n;
	*r++ = (uint64_t)(i / m); *r++ = (uint64_t)(i % m); *r++ = (uint64_t)a * b; *r++ = (uint64_t)((int64_t)i * j);
	*r++ = ((uint64_t)a * b) >> 32; *r++ = (uint64_t)(((int64_t)i * j) >> 32); *r++ = a * b + n;
	*r++ = x + y; *r++ = x - y; *r++ = x * y; *r++ = x / (y | 1); *r++ = x % (y | 1);
	*r++ = (uint64_t)(s / q); *r++ = (uint64_t)(s % q);
	*r++ = (uint64_t)(((unsigned __int128)x * y) >> 64); *r++ = (uint64_t)(((__int128)s * t) >> 64);
	*r++ = x * y + 12345;

	*r++ = a << (b & 31); *r++ = a >> (b & 31); *r++ = (uint64_t)(i >> (b & 31));
	*r++ = x << (y & 63); *r++ = x >> (y & 63); *r++ = (uint64_t)(s >> (y & 63));
	*r++ = a << (b & 31) | a >> (-b & 31); *r++ = x << (y & 63) | x >> (-y & 63);
	*r++ = (a >> 5) & 0x3ff; *r++ = (uint64_t)(((int32_t)(a << 7)) >> 19); *r++ = (x >> 13) & 0xfffff;
	*r++ = (a & 0xff00ff00) | (b & 0x00ff00ff); *r++ = (a & b) ^ (~a | n); *r++ = a & ~b; *r++ = x ^ ~y;
	*r++ = (a & 0xfffff00f) | (b & 0xff) << 4;

	*r++ = (uint64_t)__builtin_popcount(a); *r++ = (uint64_t)__builtin_popcountl(x);
	*r++ = (uint64_t)__builtin_clz(a | 1); *r++ = (uint64_t)__builtin_clzl(x | 1);
	*r++ = (uint64_t)__builtin_ctz(a | 1u << 31); *r++ = (uint64_t)__builtin_ctzl(x | 1ul << 63);
	*r++ = __builtin_bswap32(a); *r++ = __builtin_bswap64(x); *r++ = __builtin_bitreverse32(a); *r++ = __builtin_bitreverse64(x);

	*r++ = a < b; *r++ = i < j; *r++ = x <= y; *r++ = s <= t; *r++ = a == b; *r++ = c > d; *r++ = k >= l;
	*r++ = a < b ? a : b; *r++ = (uint64_t)(i < j ? j : i); *r++ = x < y ? y : x; *r++ = (uint64_t)(s < t ? s : t);
	*r++ = i < 0 ? -a : a; *r++ = x < y ? a : n; *r++ = (a > 5 && b > 5) || s < 0; *r++ = -x;

	*r++ = (uint16_t)(c * d + 3); *r++ = (uint64_t)(int16_t)(k - l); *r++ = (uint64_t)(k >> (d & 15));
	*r++ = (uint8_t)(e + f); *r++ = (uint64_t)(int8_t)(g * h); *r++ = (uint64_t)g; *r++ = e / (f | 1); *r++ = (uint64_t)(k / (f + 1));

	*r++ = bits((float)i); *r++ = bits((float)a); *r++ = bits((float)s); *r++ = bits((float)x); *r++ = bits((float)g);
	*r++ = wide((double)s); *r++ = wide((double)(float)i);

	*r++ = table[a & 15]; *r++ = named(a);
}

#ifdef __NVPTX__

__attribute__((nvptx_kernel)) void arithmetic(const GLOBAL uint64_t *in, GLOBAL uint64_t *out) {
	int at = __nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
	if (at < CASES) results(in[2 * at], in[2 * at + 1], out + RESULTS * at);
}

#else

int printf(const char *, ...);

int main(void) {
	static const uint64_t corners[] = {0, 1, 2, 31, 32, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
		0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xffffffff80000000};
	const int count = sizeof corners / sizeof *corners;
	uint64_t random = 1;
	for (int at = 0; at < CASES; at++) {
		uint64_t x[2];
		for (int i = 0; i < 2; i++) {
			random = random * 6364136223846793005 + 1442695040888963407;
			x[i] = random ^ random >> 32;
			if (at < count) x[i] = corners[i == 0 ? at : (int)(random >> 40) % count];
		}
		uint64_t r[RESULTS] = {0};
		results(x[0], x[1], r);
		printf("%016lx %016lx\n", x[0], x[1]);
		for (int i = 0; i < RESULTS; i++) printf("%lx%c", r[i], i % 10 == 9 ? '\n' : ' ');
	}
}

#endif
