/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.h - what the octets of an IPv4 packet mean, for people
 *
 * Decoding is total: any octets give fields. A field that a packet is too
 * short for is absent, a header that cannot be right is said to be so, and
 * what nothing is known about is a field of octets.
 */
#ifndef CONFORMANCE_DECODE_H
#define CONFORMANCE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_MAX_FIELDS  80
#define CONF_FIELD_NAME  32
#define CONF_FIELD_TEXT  80
#define CONF_MAX_SUMMARY 512 /* room for a summary */

struct conf_field {
	char name[CONF_FIELD_NAME]; /* "ip.ttl"; "quote.ip.ttl" in a quote */
	char text[CONF_FIELD_TEXT]; /* the value; octets may be clipped */
	uint32_t offset;            /* of its first octet in the packet */
	uint32_t len;               /* octets */
	bool is_bytes;              /* equal if the octets are, not the text */
};

struct conf_decoded {
	struct conf_field fields[CONF_MAX_FIELDS]; /* in order of offset */
	unsigned int num_fields;
};

/* Names the fields of a packet. */
void conf_decode(struct conf_decoded *out, const uint8_t *data, uint32_t len);

/*
 * One line: "udp 192.168.1.10:2000 > 198.51.100.7:53 ttl 64 id 4097 len 29
 * "x"". Printable ASCII always. Returns its length, below size; size is at
 * least 1.
 */
size_t conf_summary(char *out, size_t size, const uint8_t *data, uint32_t len);

/* Octets as "text" with escapes, "..." if they do not fit; size >= 8. */
size_t conf_quote(char *out, size_t size, const uint8_t *data, uint32_t len);

/* "192.168.1.10"; out has room for CONF_ADDR_SIZE octets. */
#define CONF_ADDR_SIZE 16
const char *conf_addr_text(char out[CONF_ADDR_SIZE], uint32_t addr);

/* The names of ICMP: "echo-request", "port"; NULL if there is none. */
const char *conf_icmp_type_name(uint8_t type);
const char *conf_icmp_code_name(uint8_t type, uint8_t code);

/* The header checksum of an IPv4 packet: is it right? */
bool conf_ip_checksum_good(const uint8_t *data, uint32_t len);

#endif /* CONFORMANCE_DECODE_H */
