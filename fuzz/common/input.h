/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.h - a fuzz input: a router's-eye capture, read in place
 *
 * An input is a pcap file of link type LINUX_SLL2, in either byte order, of
 * microseconds or nanoseconds, as masqcheck writes them; it opens in any
 * analyser. Only its stimuli count (packet type 0..3: they arrived); what it
 * says of results is passed over. Which router they meet is in the field
 * "thiszone" of the file's header, that no reader uses and writers leave 0:
 * the number of a variant (variant.h).
 *
 * Nothing is allocated or copied. Anything is an input: what cannot be read
 * as a header is no packets, a record that cannot be is the end.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include "conformance/engine.h"

/* As many packets as one execution plays; what follows is not looked at. */
#define FUZZ_MAX_PACKETS 256u
/* Octets of the file header, a record's header, and the SLL2 header. */
#define FUZZ_FILE_HEADER   24u
#define FUZZ_RECORD_HEADER 16u
#define FUZZ_SLL2_HEADER   20u

struct fuzz_input {
	const uint8_t *data;
	size_t len;
	size_t at;            /* of the next record */
	unsigned int variant; /* < fuzz_num_variants */
	unsigned int num;     /* stimuli given so far */
	bool is_swapped, is_nano;
	uint64_t first, last; /* ns: of the first stimulus, of the last */
};

/* False: no capture, or none that could be one of a router. */
bool fuzz_input_open(struct fuzz_input *input, const uint8_t *data, size_t len);
/*
 * The next stimulus; points into the input. Its time counts from the first
 * one, and never runs backwards: an earlier one is taken for the last.
 */
bool fuzz_input_next(struct fuzz_input *input, struct conf_packet *out);

/*
 * Writes one: the file header, then records. Both return the octets written,
 * 0 if there is no room. Nanoseconds, big-endian: as the project's captures.
 */
size_t fuzz_output_header(uint8_t *out, size_t room, unsigned int variant);
size_t fuzz_output_packet(uint8_t *out, size_t room,
			  const struct conf_packet *stimulus);

#endif /* FUZZ_INPUT_H */
