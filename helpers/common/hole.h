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

static inline bool hole_has_quirk(const struct masq_hook *hook, uint64_t bit)
{
	return (hook->quirks & bit) != 0;
}

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
