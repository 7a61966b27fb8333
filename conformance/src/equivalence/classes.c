/* SPDX-License-Identifier: Apache-2.0 */
/* classes.c - what a difference is called, and the clause behind it */
#include "equivalence/eqv.h"

const struct conf_class conf_classes[] = {
	{"missing-packet", "RFC3022-S3.1", "a result is not there"},
	{"extra-packet", "RFC3022-S4.1-ip", "a result is there, not expected"},
	{"side", "RFC3022-S3.1", "a result leaves by another interface"},
	{"time", NULL, "a result is sent at another time"},
	{"mapping-changed", "RFC4787-REQ-1",
	 "a name is not the one that its flow, or its pair, had before"},
	{"mapping-not-one-to-one", "RFC4787-REQ-3",
	 "a name that is in use was given to another mapping"},
};
const size_t conf_num_classes = sizeof(conf_classes) / sizeof(conf_classes[0]);

static const struct {
	const char *field; /* its name, or how it begins */
	const char *clause;
} clauses[] = {
	{"quote.", "RFC3022-S4.3"},
	{"ip.checksum", "RFC1624-S3"},
	{"ip.ttl", "RFC1812-S5.3.1-dec"},
	{"ip.options", "RFC3022-S4.6"},
	{"ip.", "RFC3022-S4.1-ip"},
	{"icmp.", "RFC3022-S4.1-icmp"},
	{"tcp.checksum", "RFC3022-S4.1-cksum"},
	{"tcp.seq", "RFC3022-S4.4-cum"},
	{"tcp.ack", "RFC3022-S4.4-cum"},
	{"tcp.payload", "RFC3022-S4.4-scope"},
	{"tcp.", "RFC3022-S4.1-ip"},
	{"udp.checksum", "RFC3022-S4.1-cksum"},
	{"udp.", "RFC3022-S4.1-ip"},
};

const char *conf_field_clause(const char *field)
{
	for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++)
		if (strncmp(field, clauses[i].field,
			    strlen(clauses[i].field)) == 0)
			return clauses[i].clause;
	return NULL;
}
