/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hole.h - what helpers do to announce a port: entries and edits
 */
#ifndef HELPERS_COMMON_HOLE_H
#define HELPERS_COMMON_HOLE_H

#include "helpers/quirk.h"
#include "masq/helper.h"

/* Unclaimed children of one connection, with quirk HELPER_NO_LIMIT off. */
#define HOLE_LIMIT 8

/* IP protocols. */
enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17
};

static inline bool hole_has_quirk(const struct masq_hook *hook, uint64_t bit)
{
	return (hook->quirks & bit) != 0;
}

/* The inside host of the hook's entry. */
uint32_t hole_inside_addr(const struct masq_hook *hook);

/*
 * GEN-S2: may a port, as announced, be opened? With HELPER_LOW_PORT any, of
 * which 16 bits count; without it ports that need no privilege.
 */
bool hole_may_open(const struct masq_hook *hook, uint32_t port);

/*
 * GEN-S4: may the hook's entry have one more child? Children count while
 * their outside or inside port is not known, that is until they are used.
 */
bool hole_has_room(struct masq_hook *hook);

/*
 * hole_edit() replaces old_len octets at offset of the hook's segment, in
 * place if the length stays (GEN-17). Returns the change of the length, 0
 * if the packet has no room, which is then as before.
 */
int32_t hole_edit(struct masq_hook *hook, uint32_t offset, uint32_t old_len,
		  const void *text, uint32_t len);

#endif /* HELPERS_COMMON_HOLE_H */
