// chain applies the elementwise steps that follow a record to one value of a column.
static inline float chain(const GLOBAL uint4 *image, const GLOBAL struct step *of, float value, uint column) {
	const GLOBAL struct step *s = of + 1;
	NOT_UNROLLED for (uint i = 0; i < of->chain; i++, s++) {
		float operand = 0;
		if (s->op >= STEP_ADD) operand = floats(image, s->weights)[s->operands == 1 ? 0 : column];
		value = element(s->op, value, s->alpha, s->beta, operand);
	}
	return value;
}
