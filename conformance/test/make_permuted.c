/* SPDX-License-Identifier: Apache-2.0 */
/* make_permuted.c - IN.pcap OUT.pcap SEED: the same with other names */
#include <stdlib.h>
#include <string.h>

#include "permute.h"

int main(int argc, char **argv)
{
	static struct permute p;
	struct conf_settings settings;
	char error[CAP_ERROR_SIZE];
	bool same = argc > 4 && strcmp(argv[4], "same-length") == 0;

	if (argc < 4) {
		fputs("usage: make_permuted IN OUT SEED [same-length]\n",
		      stderr);
		return 2;
	}
	conf_settings_init(&settings);
	if (!permute_read(&p, argv[1], &settings, error)) {
		fprintf(stderr, "%s\n", error);
		return 3;
	}
	permute_all(&p, (uint32_t)strtoul(argv[3], NULL, 10), same);
	if (!permute_write(&p, argv[2], error)) {
		fprintf(stderr, "%s\n", error);
		return 3;
	}
	printf("%u names renamed, %u not; %u records changed, %u in length\n",
	       p.num_names, p.num_fixed, p.num_changed, p.num_resized);
	permute_cleanup(&p);
	return 0;
}
