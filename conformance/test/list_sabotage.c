/* SPDX-License-Identifier: Apache-2.0 */
/* list_sabotage.c - prints all faults: name, profile, rule, sentence */
#include <stdio.h>

#include "conformance/sabotage.h"

static void print(void *ctx, const struct conf_sabotage *row)
{
	(void)ctx;
	printf("%s\t%s\t%s\t%s\n", row->name, row->profile, row->rule,
	       row->text);
}

int main(void)
{
	conf_sabotage_each(print, NULL);
	return fflush(stdout) == 0 ? 0 : 1;
}
