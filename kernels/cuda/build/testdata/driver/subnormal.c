/* Says whether the smallest normal number can be halved, in a program linked to a driver in the usual way. */
#include <stdio.h>

extern int cuInit(unsigned);

int main(void) {
	volatile float x = 0x1p-126f;
	cuInit(0);
	x = x / 2;
	puts(x != 0 ? "kept" : "lost");
	return 0;
}
