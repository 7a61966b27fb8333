/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seed.c - inputs for the fuzzers, from captures: for ci/fuzz-corpora
 *
 * Of each capture the stimuli are kept, with times from the first record on;
 * it is written once for each variant, as FOLDER/NAME.VARIANT.pcap.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/input.h"
#include "common/variant.h"
#include "conformance/stream.h"

/* A longer one costs more than it shows. */
#define MAX_SEED 8192u

static uint8_t out[MAX_SEED];

static const char usage[] =
	"Usage: masqcheck-fuzz-seed FOLDER CAPTURE...\n"
	"\n"
	"Writes FOLDER/NAME.VARIANT.pcap for each capture and each variant of\n"
	"the fuzzed router: its stimuli, cut behind 8 KiB or 256 packets.\n"
	"\n"
	"Exit status: 0 written, 2 usage, 3 a file cannot be read or written.\n";

/* Fills out; its length, or 0: error says why. */
static size_t make(const char *path, char error[CAP_ERROR_SIZE])
{
	struct cap_reader *reader;
	struct conf_stream stream;
	struct conf_event event;
	size_t len = fuzz_output_header(out, sizeof(out), 0);
	uint64_t first = 0;
	unsigned int num = 0;
	enum cap_status status;

	if (cap_open(path, NULL, NULL, &reader, error) != CAP_OK)
		return 0;
	conf_stream_init(&stream, reader, 0);
	while ((status = conf_stream_next(&stream, &event)) == CAP_OK &&
	       num < FUZZ_MAX_PACKETS) {
		size_t more;

		if (event.kind != CONF_EVENT_STIMULUS)
			continue;
		if (num++ == 0)
			first = event.packet.now;
		event.packet.now = event.packet.now > first
					   ? event.packet.now - first
					   : 0;
		more = fuzz_output_packet(out + len, sizeof(out) - len,
					  &event.packet);
		if (more == 0)
			break;
		len += more;
	}
	if (status != CAP_OK && status != CAP_END) {
		snprintf(error, CAP_ERROR_SIZE, "%s", cap_reader_error(reader));
		len = 0;
	}
	cap_close(reader);
	return len;
}

static bool write_all(const char *folder, const char *path, size_t len)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const int stem = (int)strcspn(name, ".");

	for (unsigned int i = 0; i < fuzz_num_variants; i++) {
		char to[4096];
		FILE *file;
		bool good;

		(void)fuzz_output_header(out, sizeof(out), i);
		snprintf(to, sizeof(to), "%s/%.*s.%s.pcap", folder, stem, name,
			 fuzz_variants[i].name);
		file = fopen(to, "wb");
		good = file != NULL && fwrite(out, 1, len, file) == len;
		if (file != NULL)
			good = fclose(file) == 0 && good;
		if (!good) {
			perror(to);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	char error[CAP_ERROR_SIZE];

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc < 3) {
		fputs(usage, stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		const size_t len = make(argv[i], error);

		if (len == 0) {
			fprintf(stderr, "%s\n", error);
			return 3;
		}
		if (!write_all(argv[1], argv[i], len))
			return 3;
	}
	return 0;
}
