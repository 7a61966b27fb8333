/* SPDX-License-Identifier: Apache-2.0 */
/* kit_text.c - packets made of a line of text; see kit.h for the words */
#include <stdlib.h>

#include "kit.h"

enum {
	MAX_LINE = 512,
	MAX_WORD = 64
};

/* State of one parse. */
struct text {
	const char *all; /* for messages */
	const char *at;  /* what is left */
	struct kit_packet p;
	struct kit_line *line;
	uint32_t quote_len;
	struct kit_line *quoted; /* NULL without brackets */
};

#define broken(t) fail_msg("packet \"%s\" breaks at \"%s\"", (t)->all, (t)->at)

/* The next word, empty at the end. */
static void next_word(struct text *t, char word[MAX_WORD])
{
	unsigned int n = 0;

	while (*t->at == ' ')
		t->at++;
	while (*t->at != '\0' && *t->at != ' ' && n < MAX_WORD - 1)
		word[n++] = *t->at++;
	word[n] = '\0';
}

static uint32_t number(struct text *t)
{
	char word[MAX_WORD], *end;
	unsigned long value;

	next_word(t, word);
	value = strtoul(word, &end, 0);
	if (end == word || *end != '\0' || value > UINT32_MAX)
		broken(t);
	return (uint32_t)value;
}

static uint32_t parse_quad(struct text *t, const char *word)
{
	char *end = NULL;
	uint32_t addr = 0;

	for (unsigned int i = 0; i < 4; i++) {
		const unsigned long part = strtoul(word, &end, 10);

		if (end == word || part > 255 || *end != (i < 3 ? '.' : '\0'))
			broken(t);
		addr = addr << 8 | (uint32_t)part;
		word = end + 1;
	}
	return addr;
}

static const struct {
	const char *name;
	uint32_t addr;
} hosts[] = {
	{"C", ADDR_C}, {"R", ADDR_R},   {"M", ADDR_M},
	{"S", ADDR_S}, {"S2", ADDR_S2}, {"GW", ADDR_GW},
};

/* ADDRESS or ADDRESS:PORT */
static uint32_t parse_end(struct text *t, uint16_t *port)
{
	char word[MAX_WORD];
	char *colon;

	next_word(t, word);
	colon = strchr(word, ':');
	if (colon != NULL) {
		*port = (uint16_t)strtoul(colon + 1, NULL, 10);
		*colon = '\0';
	}
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (strcmp(word, hosts[i].name) == 0)
			return hosts[i].addr;
	return parse_quad(t, word);
}

static void parse_proto(struct text *t)
{
	char word[MAX_WORD];

	next_word(t, word);
	if (strcmp(word, "tcp") == 0)
		t->p.proto = 6;
	else if (strcmp(word, "udp") == 0)
		t->p.proto = 17;
	else if (strcmp(word, "icmp") == 0)
		t->p.proto = 1;
	else
		t->p.proto = (uint8_t)strtoul(word, NULL, 10);
}

/* Words that stand alone. */
static bool parse_switch(struct text *t, const char *word)
{
	static const uint8_t zeros[KIT_MAX_PACKET];

	if (strcmp(word, "badsum") == 0)
		t->p.bad_sum = true;
	else if (strcmp(word, "df") == 0)
		t->p.frag |= 0x4000;
	else if (strcmp(word, "mf") == 0)
		t->p.frag |= 0x2000;
	else if (strcmp(word, "bare") == 0)
		t->p.bare = true;
	else if (strcmp(word, "zero") == 0)
		t->p.payload = zeros;
	else if (strcmp(word, "bcast") == 0)
		t->line->cast = MASQ_CAST_BROADCAST;
	else if (strcmp(word, "mcast") == 0)
		t->line->cast = MASQ_CAST_MULTICAST;
	else if (strcmp(word, "other") == 0)
		t->line->cast = MASQ_CAST_OTHER;
	else if (strcmp(word, "inside") == 0)
		t->line->side = MASQ_INSIDE;
	else if (strcmp(word, "outside") == 0)
		t->line->side = MASQ_OUTSIDE;
	else
		return false;
	return true;
}

/* Words with a number. */
static bool parse_field(struct text *t, const char *word)
{
	struct kit_packet *p = &t->p;

	if (strcmp(word, "id") == 0)
		p->id = (uint16_t)number(t);
	else if (strcmp(word, "seq") == 0)
		p->seq = number(t);
	else if (strcmp(word, "ack") == 0)
		p->ack = number(t);
	else if (strcmp(word, "doff") == 0)
		p->doff = (uint8_t)(number(t) + 1);
	else if (strcmp(word, "rest") == 0)
		p->rest = number(t);
	else if (strcmp(word, "tos") == 0)
		p->tos = (uint8_t)number(t);
	else if (strcmp(word, "ipid") == 0)
		p->ip_id = (uint16_t)number(t);
	else if (strcmp(word, "off") == 0)
		p->frag |= (uint16_t)(number(t) / 8);
	else if (strcmp(word, "len") == 0)
		p->payload_len = number(t);
	else if (strcmp(word, "udplen") == 0)
		p->udp_len = (uint16_t)number(t);
	else if (strcmp(word, "quote") == 0)
		t->quote_len = number(t);
	else
		return false;
	return true;
}

static bool parse_special(struct text *t, const char *word)
{
	static const char letters[] = "FSRPAU"; /* from bit 0 on */

	if (strcmp(word, "ttl") == 0) {
		t->p.ttl = (uint8_t)number(t);
		t->p.ttl_0 = t->p.ttl == 0;
		return true;
	}
	if (strcmp(word, "sum") == 0) {
		t->p.sum = (uint16_t)number(t);
		t->p.has_sum = true;
		return true;
	}
	if (t->p.proto == 1 && strchr(word, '/') != NULL) {
		t->p.type = (uint8_t)strtoul(word, NULL, 10);
		t->p.code = (uint8_t)strtoul(strchr(word, '/') + 1, NULL, 10);
		return true;
	}
	if (t->p.proto != 6 || strspn(word, "FSRPAU.") != strlen(word))
		return false;
	for (; *word != '\0'; word++)
		if (*word != '.')
			t->p.flags |= (uint8_t)(1u << (strchr(letters, *word) -
						       letters));
	return true;
}

/* [PACKET]: at points behind the opening bracket. */
static void parse_quoted(struct text *t)
{
	char inner[MAX_LINE];
	const char *end = strrchr(t->at, ']');

	if (end == NULL || (size_t)(end - t->at) >= sizeof(inner))
		broken(t);
	memcpy(inner, t->at, (size_t)(end - t->at));
	inner[end - t->at] = '\0';
	t->quoted = malloc(sizeof(*t->quoted));
	assert_non_null(t->quoted);
	kit_parse(inner, t->quoted);
	t->at = end + 1;
}

static void parse_words(struct text *t)
{
	char word[MAX_WORD];

	for (;;) {
		while (*t->at == ' ')
			t->at++;
		if (*t->at == '[') {
			t->at++;
			parse_quoted(t);
			continue;
		}
		if (*t->at == '|') {
			t->p.payload = t->at + 1;
			t->p.payload_len = (uint32_t)strlen(t->at + 1);
			return;
		}
		next_word(t, word);
		if (word[0] == '\0')
			return;
		if (!parse_switch(t, word) && !parse_field(t, word) &&
		    !parse_special(t, word))
			broken(t);
	}
}

void kit_parse(const char *text, struct kit_line *out)
{
	struct text t = {
		.all = text,
		.at = text,
		.line = out,
		.quote_len = 28,
	};
	char arrow[MAX_WORD];

	memset(out, 0, sizeof(*out));
	t.p.src = parse_end(&t, &t.p.sport);
	next_word(&t, arrow);
	if (strcmp(arrow, ">") != 0)
		broken(&t);
	t.p.dst = parse_end(&t, &t.p.dport);
	parse_proto(&t);
	out->side = t.p.src >> 8 == ADDR_C >> 8 ? MASQ_INSIDE : MASQ_OUTSIDE;
	parse_words(&t);
	if (t.quoted != NULL) {
		t.p.payload = t.quoted->data;
		t.p.payload_len = t.quoted->len < t.quote_len ? t.quoted->len
							      : t.quote_len;
	}
	out->len = kit_build(&t.p, out->data);
	free(t.quoted);
}

const struct kit_result *kit_send(struct kit *k, const char *text)
{
	struct kit_line *line = malloc(sizeof(*line));
	const struct kit_result *r;

	assert_non_null(line);
	kit_parse(text, line);
	r = kit_raw(k, line->side, line->cast, line->data, line->len);
	free(line);
	return r;
}
