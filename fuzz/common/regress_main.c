/* SPDX-License-Identifier: Apache-2.0 */
/* regress_main.c - the program, where no fuzzer brings a main() */
#include "regress.h"

int main(int argc, char **argv)
{
	return fuzz_regress(argc, argv);
}
