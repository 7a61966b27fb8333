/* SPDX-License-Identifier: Apache-2.0 */
/* unpredictable.c - the fields that the specification leaves free */
#include <string.h>

#include "packet.h"
#include "unpredictable.h"

#define OWN_ERRORS "ICMP errors and redirects that the router makes itself"

const struct conf_unpredictable conf_unpredictable[] = {
	{
		.rule = "CORE-RICMP-02",
		.what = OWN_ERRORS,
		.field = "ip.id",
		.reason = "a counter that all traffic of the router itself "
			  "steps, seen or not",
	},
	{
		.rule = "CORE-RICMP-02",
		.what = OWN_ERRORS,
		.field = "ip.checksum",
		.reason = "follows the id; it must be right on both sides",
	},
};
const size_t conf_num_unpredictable = sizeof(conf_unpredictable) /
				      sizeof(conf_unpredictable[0]);

/* Offsets in the IP header of the two fields of the table. */
enum {
	ID_AT = 4,
	CHECKSUM_AT = 10,
};

/*
 * Does the packet look like one of the router's own errors? CORE-RICMP-02:
 * type 3, 5, 11 (4 and 12 it could send), from one of its addresses, and
 * the precedence bits of TOS set to internetwork control.
 */
static bool looks_own(const struct conf_rules *rules,
		      const struct conf_side_of_pair *p)
{
	struct conf_layout ip = conf_layout_of(p->data, p->result->len);
	uint8_t type = masq_get8(ip.payload, 0);

	return ip.is_first && ip.proto == CONF_PROTO_ICMP &&
	       (type == 3 || type == 4 || type == 5 || type == 11 ||
		type == 12) &&
	       (ip.saddr == rules->router[0] || ip.saddr == rules->router[1]) &&
	       (masq_get8(ip.all, 1) & 0xe0) == 0xc0;
}

bool conf_pair_is_free(const struct conf_rules *rules,
		       const struct conf_side_of_pair *expected,
		       const struct conf_side_of_pair *actual)
{
	if (rules->strict_ids)
		return false;
	/*
	 * The mark of an engine settles it: an error that an inside host made
	 * leaves with the router's address too, and its id is not free.
	 */
	if (rules->expected_marks || rules->actual_marks)
		return (rules->expected_marks && expected->result->own_error) ||
		       (rules->actual_marks && actual->result->own_error);
	return looks_own(rules, expected) && looks_own(rules, actual);
}

static bool both_good(const struct conf_side_of_pair *a,
		      const struct conf_side_of_pair *b)
{
	return conf_ip_checksum_good(a->data, a->result->len) &&
	       conf_ip_checksum_good(b->data, b->result->len);
}

bool conf_field_is_free(const char *name,
			const struct conf_side_of_pair *expected,
			const struct conf_side_of_pair *actual)
{
	for (size_t i = 0; i < conf_num_unpredictable; i++)
		if (strcmp(conf_unpredictable[i].field, name) == 0)
			return both_good(expected, actual);
	return false;
}

bool conf_same_but_free(const struct conf_side_of_pair *expected,
			const struct conf_side_of_pair *actual)
{
	struct masq_view a = {.data = expected->data,
			      .len = expected->result->len};
	struct masq_view b = {.data = actual->data, .len = actual->result->len};

	if (!both_good(expected, actual))
		return false;
	for (uint32_t at = 0; at < a.len; at++) {
		bool is_free = (at >= ID_AT && at < ID_AT + 2) ||
			       (at >= CHECKSUM_AT && at < CHECKSUM_AT + 2);

		if (!is_free && masq_get8(a, at) != masq_get8(b, at))
			return false;
	}
	return true;
}
