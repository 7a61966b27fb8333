/* SPDX-License-Identifier: Apache-2.0 */
/* input.c - a fuzz input: a router's-eye capture, read in place */
#include <string.h>

#include "input.h"
#include "masq/wire.h"
#include "variant.h"

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO  0xa1b23c4du
#define LINKTYPE    276u /* LINUX_SLL2 */
#define SNAPLEN     262144u
#define IPV4        0x0800u
#define SECOND      UINT64_C(1000000000)

/* Fields of the file header, of a record's, and of SLL2. */
enum {
	FILE_ZONE = 8,
	FILE_SNAPLEN = 16,
	FILE_LINKTYPE = 20,
	RECORD_FRACTION = 4,
	RECORD_LEN = 8,
	RECORD_WIRE_LEN = 12,
	SLL2_INTERFACE = 4,
	SLL2_HARDWARE = 8,
	SLL2_TYPE = 10,
	SLL2_ADDR_LEN = 11,
	SLL2_ADDR = 12,
};

/* ARPHRD_ETHER: the six octets at SLL2_ADDR are an Ethernet address. */
#define ETHERNET 1u

static struct masq_view view_of(const struct fuzz_input *input)
{
	const size_t max = UINT32_MAX;

	return (struct masq_view){
		.data = input->data,
		.len = (uint32_t)(input->len < max ? input->len : max)};
}

/* A number of the file's headers, in the order of octets of its writer. */
static uint32_t number(const struct fuzz_input *input, size_t at)
{
	const uint32_t value = masq_get32(view_of(input), (uint32_t)at);

	return input->is_swapped ? __builtin_bswap32(value) : value;
}

bool fuzz_input_open(struct fuzz_input *input, const uint8_t *data, size_t len)
{
	uint32_t magic;

	*input = (struct fuzz_input){.data = data, .len = len, .at = len};
	if (len < FUZZ_FILE_HEADER)
		return false;
	magic = number(input, 0);
	if (magic != MAGIC_MICRO && magic != MAGIC_NANO) {
		magic = __builtin_bswap32(magic);
		input->is_swapped = true;
	}
	input->is_nano = magic == MAGIC_NANO;
	if ((magic != MAGIC_MICRO && magic != MAGIC_NANO) ||
	    (number(input, FILE_LINKTYPE) & 0xffff) != LINKTYPE)
		return false;
	input->variant = number(input, FILE_ZONE) % fuzz_num_variants;
	input->at = FUZZ_FILE_HEADER;
	return true;
}

static uint64_t time_of(const struct fuzz_input *input, size_t at)
{
	const uint64_t fraction = number(input, at + RECORD_FRACTION);

	return number(input, at) * SECOND +
	       (input->is_nano ? fraction : fraction * 1000);
}

/* The SLL2 packet in v: is it a stimulus of ours? */
static bool is_stimulus(struct masq_view v, struct conf_packet *out)
{
	const uint32_t interface = masq_get32(v, SLL2_INTERFACE);
	const uint8_t type = masq_get8(v, SLL2_TYPE);

	if (v.len < FUZZ_SLL2_HEADER || masq_get16(v, 0) != IPV4 ||
	    (interface != CONF_INSIDE && interface != CONF_OUTSIDE) ||
	    type > CONF_CAST_OTHER)
		return false;
	out->side = (enum conf_side)interface;
	out->cast = (enum conf_cast)type;
	out->data = v.data + FUZZ_SLL2_HEADER;
	out->len = v.len - FUZZ_SLL2_HEADER;
	if (masq_get16(v, SLL2_HARDWARE) == ETHERNET &&
	    masq_get8(v, SLL2_ADDR_LEN) == 6)
		out->src_mac = v.data + SLL2_ADDR;
	return true;
}

bool fuzz_input_next(struct fuzz_input *input, struct conf_packet *out)
{
	while (input->num < FUZZ_MAX_PACKETS &&
	       input->len - input->at >= FUZZ_RECORD_HEADER) {
		const size_t at = input->at;
		const uint32_t len = number(input, at + RECORD_LEN);
		const uint32_t wire_len = number(input, at + RECORD_WIRE_LEN);
		const uint64_t now = time_of(input, at);
		struct masq_view v;

		if (len > input->len - at - FUZZ_RECORD_HEADER || len > SNAPLEN)
			break;
		input->at += FUZZ_RECORD_HEADER + len;
		v = masq_slice(view_of(input),
			       (uint32_t)(at + FUZZ_RECORD_HEADER), len);
		*out = (struct conf_packet){.now = 0};
		/* Nobody knows what a truncated one was. */
		if (wire_len > len || !is_stimulus(v, out))
			continue;
		if (input->num == 0)
			input->first = now;
		if (now > input->first && now - input->first > input->last)
			input->last = now - input->first;
		out->now = input->last;
		input->num++;
		return true;
	}
	input->at = input->len;
	return false;
}

size_t fuzz_output_header(uint8_t *out, size_t room, unsigned int variant)
{
	struct masq_buf b = {
		.data = out,
		.len = FUZZ_FILE_HEADER,
		.cap = FUZZ_FILE_HEADER,
	};

	if (room < FUZZ_FILE_HEADER)
		return 0;
	memset(out, 0, FUZZ_FILE_HEADER);
	masq_put32(&b, 0, MAGIC_NANO);
	masq_put32(&b, 4, 2u << 16 | 4); /* version 2.4 */
	masq_put32(&b, FILE_ZONE, variant);
	masq_put32(&b, FILE_SNAPLEN, SNAPLEN);
	masq_put32(&b, FILE_LINKTYPE, LINKTYPE);
	return FUZZ_FILE_HEADER;
}

size_t fuzz_output_packet(uint8_t *out, size_t room,
			  const struct conf_packet *stimulus)
{
	const uint32_t headers = FUZZ_RECORD_HEADER + FUZZ_SLL2_HEADER;
	const uint32_t len = FUZZ_SLL2_HEADER + stimulus->len;
	struct masq_buf b = {.data = out, .len = headers, .cap = headers};
	const uint32_t sll2 = FUZZ_RECORD_HEADER;
	/* As the project's captures have them: a neighbour on each side. */
	const uint8_t neighbour[6] = {
		2, 0, 0, 0, 0, stimulus->side == CONF_INSIDE ? 0x81 : 0x82};

	if (stimulus->len > SNAPLEN - FUZZ_SLL2_HEADER ||
	    room < headers + (size_t)stimulus->len ||
	    stimulus->now / SECOND > UINT32_MAX)
		return 0;
	/* Before the headers: the octets may lie in out already. */
	if (stimulus->len > 0)
		memmove(out + headers, stimulus->data, stimulus->len);
	memset(out, 0, headers);
	masq_put32(&b, 0, (uint32_t)(stimulus->now / SECOND));
	masq_put32(&b, RECORD_FRACTION, (uint32_t)(stimulus->now % SECOND));
	masq_put32(&b, RECORD_LEN, len);
	masq_put32(&b, RECORD_WIRE_LEN, len);
	masq_put16(&b, sll2, IPV4);
	masq_put32(&b, sll2 + SLL2_INTERFACE, stimulus->side);
	masq_put16(&b, sll2 + SLL2_HARDWARE, ETHERNET);
	masq_put8(&b, sll2 + SLL2_TYPE, (uint8_t)stimulus->cast);
	masq_put8(&b, sll2 + SLL2_ADDR_LEN, 6);
	memcpy(out + sll2 + SLL2_ADDR,
	       stimulus->src_mac != NULL ? stimulus->src_mac : neighbour, 6);
	return headers + stimulus->len;
}
