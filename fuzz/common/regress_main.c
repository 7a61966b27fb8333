/* SPDX-License-Identifier: Apache-2.0 */
/* regress_main.c - the program, where no fuzzer brings a main() */
#include "ask.h"
#include "regress.h"

int main(int argc, char **argv)
{
	int code;

	if (fuzz_ask(argc, argv, &code))
		return code;
	return fuzz_regress(argc, argv);
}
