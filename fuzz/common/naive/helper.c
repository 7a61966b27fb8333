/* SPDX-License-Identifier: Apache-2.0 */
/* helper.c - which helper an entry gets (CORE-APP-02) */
#include "model.h"

void nv_bind_helper(struct model *m, struct entry *e)
{
	(void)e;
	if (m->settings.num_loads > 0 && e->proto != ICMP)
		nv_lose(m, "helpers");
}
