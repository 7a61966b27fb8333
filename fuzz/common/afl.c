/* SPDX-License-Identifier: Apache-2.0 */
/*
 * afl.c - a target under AFL++: persistent, test cases in shared memory
 *
 * Everything is made before the fork server starts. With file names it plays
 * those, as the regression program does: to look at what was found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "reach.h"
#include "regress.h"
#include "target.h"

__AFL_FUZZ_INIT()

/* Executions of one process. */
#define LOOPS 1000000

int main(int argc, char **argv)
{
	const unsigned char *data;
	int code;

	if (fuzz_ask(argc, argv, &code))
		return code;
	if (argc > 1)
		return fuzz_regress(argc, argv);
	if (!fuzz_target.begin())
		return 3;
	__AFL_INIT();
	data = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(LOOPS))
		fuzz_target.run(data, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	if (fuzz_target.end != NULL)
		fuzz_target.end();
	fuzz_reach_write();
	return 0;
}
