/* SPDX-License-Identifier: Apache-2.0 */
/* unknown.c - helpers that are not modelled: at a loss where they act */
#include "helper.h"

/* Is the word, in lower case, somewhere in the octets, in any case? */
static bool has_word(struct masq_view v, const char *word)
{
	const uint32_t len = (uint32_t)strlen(word);

	for (uint32_t i = 0; i + len <= v.len; i++) {
		uint32_t k = 0;

		while (k < len && (masq_get8(v, i + k) | 0x20) ==
					  (uint8_t)(word[k] | 0x20))
			k++;
		if (k == len)
			return true;
	}
	return false;
}

static void show_irc(struct hook *h)
{
	if (has_word(h->data, "dcc"))
		nv_lose(h->m, "IRC");
}

static void show_raudio(struct hook *h)
{
	if (!h->outward)
		return;
	if (has_word(h->data, "client_port") || has_word(h->data, "pna"))
		nv_lose(h->m, "RealAudio");
}

const struct helper nv_irc = {.proto = TCP, .ports = {6667}, .show = show_irc};
const struct helper nv_raudio = {
	.proto = TCP, .ports = {554, 7070}, .show = show_raudio};
