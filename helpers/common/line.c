/* SPDX-License-Identifier: Apache-2.0 */
/* line.c - the lines of a stream that comes in segments */
#include "common/line.h"
#include "common/text.h"

void line_walk_init(struct line_walk *walk, struct masq_hook *hook,
		    uint32_t *word)
{
	const struct masq_view v = masq_hook_payload(hook);

	*walk = (struct line_walk){.hook = hook, .word = word};
	if (v.len == 0)
		return;
	if (!hook->in_order)
		*word |= LINE_MID;
	else if ((*word & LINE_STARTED) == 0 && text_may_be_http(v))
		*word |= LINE_FOREIGN;
	*word |= LINE_STARTED;
}

bool line_next(struct line_walk *walk, struct line *out_line)
{
	const struct masq_view v = masq_hook_payload(walk->hook);

	while (walk->next < v.len) {
		const uint32_t at = walk->next, len = text_line(v, at);
		const bool is_known = (*walk->word & LINE_MID) == 0;

		walk->next = len == 0 ? v.len : at + len;
		if (len == 0)
			*walk->word |= LINE_MID;
		else
			*walk->word &= ~(uint32_t)LINE_MID;
		if (!is_known)
			continue;
		*out_line = (struct line){
			.text = masq_slice(v, at, walk->next - at),
			.offset = walk->hook->header_len + at,
			.is_whole = len != 0,
		};
		return true;
	}
	return false;
}

void line_edited(struct line_walk *walk, int32_t diff)
{
	walk->next += (uint32_t)diff;
}
