/* SPDX-License-Identifier: Apache-2.0 */
/* random_text.c - what hosts and servers say to helpers */
#include <stdio.h>
#include <string.h>

#include "random_text.h"

const char *random_text(uint64_t *state)
{
	static const char *const texts[] = {
		"PORT 192,168,1,10,4,5\r\n",
		"PASV\r\n",
	};

	return texts[random_any(state, 2)];
}

size_t random_helpers(uint64_t *state, uint64_t seed, struct conf_setting *out)
{
	(void)state;
	(void)seed;
	(void)out;
	return 0;
}
