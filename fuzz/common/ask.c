/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - what a target program says of itself */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "input.h"
#include "play.h"
#include "target.h"
#include "variant.h"

#define MAX_INPUT (1u << 20)

enum {
	EXIT_SAID = 0,
	EXIT_USAGE = 2,
	EXIT_BROKEN = 3,
};

static int say_about(void)
{
	printf("target %s\nproperty %s\ninput %s\n", fuzz_target.name,
	       fuzz_target.property, fuzz_target.is_text ? "text" : "capture");
	return fflush(stdout) == 0 ? EXIT_SAID : EXIT_BROKEN;
}

static bool is_named(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

static int say_variant(const char *text)
{
	const struct fuzz_variant *v;
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' ||
	    number >= fuzz_num_variants) {
		fprintf(stderr, "--variant %s: expected 0 to %u\n", text,
			fuzz_num_variants - 1);
		return EXIT_USAGE;
	}
	/* What it plays, if another engine is named, the players know. */
	if (is_named("MASQCHECK_FUZZ_ENGINE") ||
	    is_named("MASQCHECK_FUZZ_AGAINST"))
		if (!fuzz_target.begin())
			return EXIT_BROKEN;
	if (fuzz_players_are_default()) {
		printf("# default: the engine takes no settings\n");
		return fflush(stdout) == 0 ? EXIT_SAID : EXIT_BROKEN;
	}
	v = &fuzz_variants[number];
	printf("# %s: %s\n", v->name, v->text);
	for (size_t i = 0; i < v->num_settings; i++)
		printf("%s = %s\n", v->settings[i].key, v->settings[i].value);
	return fflush(stdout) == 0 ? EXIT_SAID : EXIT_BROKEN;
}

/*
 * What the target plays, on the router that it plays it on; returns the
 * octets, 0 = no room.
 */
static size_t copy_packets(uint8_t *out, size_t room, const uint8_t *data,
			   size_t len)
{
	struct fuzz_input input;
	struct conf_packet packet;
	size_t at, more;

	if (!fuzz_input_open(&input, data, len))
		return fuzz_output_header(out, room, 0);
	if (fuzz_target.route != NULL)
		fuzz_target.route(&input);
	at = fuzz_output_header(out, room, input.variant);
	while (at != 0 && fuzz_input_next(&input, &packet)) {
		if (fuzz_target.steer != NULL)
			fuzz_target.steer(&input, &packet);
		more = fuzz_output_packet(out + at, room - at, &packet);
		if (more == 0)
			return 0;
		at += more;
	}
	return at;
}

static int fail(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return EXIT_BROKEN;
}

static int write_file(const char *path, const uint8_t *data, size_t len)
{
	FILE *file = fopen(path, "wb");
	bool good;

	if (file == NULL)
		return fail(path);
	good = len > 0 && fwrite(data, 1, len, file) == len;
	good = fclose(file) == 0 && good;
	return good ? EXIT_SAID : fail(path);
}

static int write_normal(const char *in, const char *out)
{
	/* Records may grow by the padding of their header. */
	const size_t room = 4u * MAX_INPUT;
	uint8_t *data, *copy;
	int code = EXIT_BROKEN;
	FILE *file;
	size_t len;

	/* Only then it knows its routers. */
	if (fuzz_target.route != NULL && !fuzz_target.begin())
		return EXIT_BROKEN;
	data = malloc(MAX_INPUT);
	copy = malloc(room);
	file = fopen(in, "rb");
	if (file == NULL || data == NULL || copy == NULL) {
		code = fail(in);
	} else {
		len = fread(data, 1, MAX_INPUT, file);
		len = copy_packets(copy, room, data, len);
		code = write_file(out, copy, len);
	}
	if (file != NULL)
		fclose(file);
	free(data);
	free(copy);
	return code;
}

bool fuzz_ask(int argc, char **argv, int *out_code)
{
	if (argc == 2 && strcmp(argv[1], "--about") == 0)
		*out_code = say_about();
	else if (argc == 3 && strcmp(argv[1], "--variant") == 0)
		*out_code = say_variant(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "--normal") == 0)
		*out_code = write_normal(argv[2], argv[3]);
	else
		return false;
	return true;
}
