/* SPDX-License-Identifier: Apache-2.0 */
/* hole.c - what helpers do to announce a port: entries and edits */
#include "common/hole.h"

enum {
	FIRST_USER = 1024 /* ports below need privilege */
};

uint32_t hole_inside_addr(const struct masq_hook *hook)
{
	struct masq_entry_info info;

	masq_entry_info(hook->engine, hook->entry, &info);
	return info.inside_addr;
}

bool hole_may_open(const struct masq_hook *hook, uint32_t port)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(HELPER_LOW_PORT)))
		return true;
	return port >= FIRST_USER && port <= UINT16_MAX;
}

/* The unclaimed children of one entry. */
struct count {
	struct masq_entry_info parent;
	uint32_t num_unclaimed;
};

static void count_unclaimed(void *ctx, const struct masq_entry_info *info)
{
	struct count *count = ctx;

	/* Ports do not tell: connections to a forwarded port share theirs. */
	if (info->is_child && info->parent_id == count->parent.id &&
	    (info->flags & (MASQ_NO_DPORT | MASQ_NO_SPORT)) != 0)
		count->num_unclaimed++;
}

bool hole_has_room(struct masq_hook *hook)
{
	struct count count = {0};

	if (hole_has_quirk(hook, MASQ_QUIRK(HELPER_NO_LIMIT)))
		return true;
	masq_entry_info(hook->engine, hook->entry, &count.parent);
	if (count.parent.num_children < HOLE_LIMIT)
		return true;
	masq_table_each(hook->engine, count_unclaimed, &count);
	return count.num_unclaimed < HOLE_LIMIT;
}

int32_t hole_edit(struct masq_hook *hook, uint32_t offset, uint32_t old_len,
		  const void *text, uint32_t len)
{
	const uint8_t *octets = text;
	enum masq_status status;

	if (len == old_len)
		status = masq_hook_write(hook, offset, octets, len);
	else
		status = masq_hook_replace(hook, offset, old_len, octets, len);
	return status == MASQ_OK ? (int32_t)len - (int32_t)old_len : 0;
}
