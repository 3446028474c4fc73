// Advanced SIMD instructions that Go's assembler does not know. Operands are the numbers of registers. Above each
// macro stands its instruction in GNU notation, and a test in internal/gen holds it to that by a disassembler.

// fmla v<d>.4s, v<n>.4s, v<m>.s[<i>]
#define FMLA_LANE(d, n, m, i) WORD $(0x4f801000 | (((i)&1)<<21) | ((m)<<16) | (((i)>>1)<<11) | ((n)<<5) | (d))

// fadd v<d>.4s, v<n>.4s, v<m>.4s
#define FADD(d, n, m) WORD $(0x4e20d400 | ((m)<<16) | ((n)<<5) | (d))

// faddp v<d>.4s, v<n>.4s, v<m>.4s
#define FADDP(d, n, m) WORD $(0x6e20d400 | ((m)<<16) | ((n)<<5) | (d))

// fcmle v<d>.4s, v<n>.4s, #0.0
#define FCMLE_ZERO(d, n) WORD $(0x6ea0d800 | ((n)<<5) | (d))
