/* SPDX-License-Identifier: Apache-2.0 */
/* settings_parse.c - one function for each kind of setting */
#include <stdio.h>
#include <string.h>

#include "settings_parse.h"
#include "values.h"

/* The field that the table row names. */
static void *field_of(const struct conf_assign *a)
{
	return (char *)a->out + a->key->offset;
}

/* The number in the value, within the limits of the row. */
static bool number_of(struct conf_assign *a, int64_t *out)
{
	if (conf_read_number(conf_text_of(a->value), a->key->min, a->key->max,
			     out))
		return true;
	snprintf(a->expected, sizeof(a->expected),
		 "a whole number from %lld to %lld", (long long)a->key->min,
		 (long long)a->key->max);
	return false;
}

bool conf_parse_i32(struct conf_assign *a)
{
	int32_t *field = field_of(a);
	int64_t number;

	if (!number_of(a, &number))
		return false;
	*field = (int32_t)number;
	return true;
}

bool conf_parse_u32(struct conf_assign *a)
{
	uint32_t *field = field_of(a);
	int64_t number;

	if (!number_of(a, &number))
		return false;
	*field = (uint32_t)number;
	return true;
}

bool conf_parse_u16(struct conf_assign *a)
{
	uint16_t *field = field_of(a);
	int64_t number;

	if (!number_of(a, &number))
		return false;
	*field = (uint16_t)number;
	return true;
}

bool conf_parse_seconds(struct conf_assign *a)
{
	return conf_read_seconds(conf_text_of(a->value), a->key->max,
				 field_of(a));
}

bool conf_parse_list(struct conf_assign *a)
{
	return conf_read_list(conf_text_of(a->value), field_of(a));
}

bool conf_parse_profile(struct conf_assign *a)
{
	return conf_profile_find(a->value, &a->out->profile);
}

/* "on" or "off". */
static bool read_switch(const char *value, bool *out)
{
	*out = strcmp(value, "on") == 0;
	return *out || strcmp(value, "off") == 0;
}

/*
 * Loads or unloads a helper. One that is loaded already keeps its place in
 * the order of loading.
 */
static void set_load(struct conf_assign *a, bool on,
		     const struct conf_list *ports)
{
	struct conf_settings *s = a->out;
	enum conf_helper helper = (enum conf_helper)a->key->index;
	unsigned int i = 0;

	while (i < s->num_loads && s->loads[i].helper != helper)
		i++;
	if (on) {
		if (i == s->num_loads)
			s->num_loads++;
		s->loads[i] = (struct conf_load){
			.helper = helper,
			.ports = *ports,
			.line = a->line,
		};
	} else if (i < s->num_loads) {
		s->num_loads--;
		memmove(&s->loads[i], &s->loads[i + 1],
			(s->num_loads - i) * sizeof(s->loads[0]));
	}
}

bool conf_parse_helper(struct conf_assign *a)
{
	struct conf_list ports = {.num_values = 0};
	bool on = strcmp(a->value, "off") != 0;

	if (on && strcmp(a->value, "default") != 0 &&
	    !conf_read_list(conf_text_of(a->value), &ports))
		return false;
	set_load(a, on, &ports);
	return true;
}

bool conf_parse_quake(struct conf_assign *a)
{
	static const struct conf_list none;
	bool on;

	if (!read_switch(a->value, &on))
		return false;
	set_load(a, on, &none);
	return true;
}

/* "tcp:LOCAL:PORT=REAL:PORT[:PREFERENCE]" */
static bool read_portfw(struct conf_text text, struct conf_portfw *out)
{
	struct conf_text proto, local, real, addr, port;
	int64_t number = 1;

	*out = (struct conf_portfw){.proto = 6};
	if (!conf_text_cut(&text, ':', &proto) ||
	    !conf_text_cut(&text, '=', &local) ||
	    !conf_text_cut(&text, ':', &addr) ||
	    !conf_text_cut(&text, ':', &port))
		return false;
	if (conf_text_is(proto, "udp"))
		out->proto = 17;
	else if (!conf_text_is(proto, "tcp"))
		return false;
	if (text.at != NULL && !conf_read_number(text, 1, INT32_MAX, &number))
		return false;
	out->preference = (uint32_t)number;
	real.at = addr.at;
	real.len = addr.len + 1 + port.len;
	return conf_read_endpoint(local, &out->local_addr, &out->local_port) &&
	       conf_read_endpoint(real, &out->real_addr, &out->real_port);
}

bool conf_parse_portfw(struct conf_assign *a)
{
	struct conf_settings *s = a->out;
	struct conf_portfw rule;

	if (strcmp(a->value, "none") == 0) {
		s->num_portfw = 0;
		return true;
	}
	if (!read_portfw(conf_text_of(a->value), &rule))
		return false;
	if (rule.local_port > 60999) {
		snprintf(a->expected, sizeof(a->expected),
			 "a local port from 1 to 60999");
		return false;
	}
	if (s->num_portfw == CONF_MAX_PORTFW) {
		snprintf(a->expected, sizeof(a->expected), "at most %d rules",
			 CONF_MAX_PORTFW);
		return false;
	}
	s->portfw[s->num_portfw++] = rule;
	return true;
}

bool conf_parse_neighbour(struct conf_assign *a)
{
	struct conf_settings *s = a->out;
	struct conf_text addr, mac = conf_text_of(a->value);
	struct conf_neighbour n;
	unsigned int i = 0;

	if (strcmp(a->value, "none") == 0) {
		s->num_neighbours = 0;
		return true;
	}
	if (!conf_text_cut(&mac, '=', &addr) || mac.at == NULL ||
	    !conf_read_addr(addr, &n.addr) || !conf_read_mac(mac, n.mac))
		return false;
	while (i < s->num_neighbours && s->neighbours[i].addr != n.addr)
		i++;
	if (i == CONF_MAX_NEIGHBOURS) {
		snprintf(a->expected, sizeof(a->expected),
			 "at most %d neighbours", CONF_MAX_NEIGHBOURS);
		return false;
	}
	if (i == s->num_neighbours)
		s->num_neighbours++;
	s->neighbours[i] = n;
	return true;
}

bool conf_parse_local(struct conf_assign *a)
{
	bool answer = strcmp(a->value, "answer") == 0;

	if (!answer && strcmp(a->value, "swallow") != 0)
		return false;
	a->out->local_answer = answer;
	return true;
}

bool conf_parse_address(struct conf_assign *a)
{
	struct conf_interface *interface = field_of(a);
	struct conf_net net;

	if (!conf_read_net(conf_text_of(a->value), true, &net))
		return false;
	if (net.len < 1 || net.len > 30) {
		snprintf(a->expected, sizeof(a->expected),
			 "a prefix length from 1 to 30");
		return false;
	}
	interface->addr = net.addr;
	interface->len = net.len;
	return true;
}

bool conf_parse_gateway(struct conf_assign *a)
{
	if (strcmp(a->value, "none") == 0)
		a->out->gateway = 0;
	else if (!conf_read_addr(conf_text_of(a->value), &a->out->gateway))
		return false;
	a->out->has_gateway = true;
	return true;
}

bool conf_parse_mac(struct conf_assign *a)
{
	struct conf_interface *interface = field_of(a);

	if (!conf_read_mac(conf_text_of(a->value), interface->mac))
		return false;
	interface->has_mac = true;
	return true;
}

/* "NET[,NET...][ to NET]" or "none" */
bool conf_parse_masq(struct conf_assign *a)
{
	struct conf_settings *s = a->out;
	struct conf_net sources[CONF_MAX_SOURCES];
	struct conf_net dest = {.addr = 0, .len = 0};
	const char *to = strstr(a->value, " to ");
	struct conf_text list = conf_text_of(a->value), part;
	unsigned int num = 0;

	if (strcmp(a->value, "none") == 0) {
		s->num_sources = 0;
		s->has_masq = true;
		return true;
	}
	if (to != NULL) {
		list.len = (size_t)(to - a->value);
		if (!conf_read_net(conf_text_of(to + 4), false, &dest))
			return false;
	}
	while (conf_text_cut(&list, ',', &part)) {
		if (num == CONF_MAX_SOURCES) {
			snprintf(a->expected, sizeof(a->expected),
				 "at most %d source nets", CONF_MAX_SOURCES);
			return false;
		}
		if (!conf_read_net(part, false, &sources[num++]))
			return false;
	}
	memcpy(s->sources, sources, num * sizeof(sources[0]));
	s->num_sources = num;
	s->dest = dest;
	s->has_masq = true;
	return true;
}

bool conf_parse_wire(struct conf_assign *a)
{
	bool inside = strcmp(a->value, "inside") == 0;

	if (!inside && strcmp(a->value, "outside") != 0)
		return false;
	a->out->wire = inside ? CONF_INSIDE : CONF_OUTSIDE;
	return true;
}

bool conf_parse_quirk(struct conf_assign *a)
{
	const char *name = a->name + strlen(a->key->name);
	unsigned int i = 0;
	uint64_t bit;
	bool on;

	while (i < conf_num_quirks() &&
	       strcmp(conf_quirk_at(i)->name, name) != 0)
		i++;
	if (i == conf_num_quirks() || !read_switch(a->value, &on))
		return false;
	bit = conf_quirk_bit(i);
	if (on) {
		a->out->quirks_on |= bit;
		a->out->quirks_off &= ~bit;
	} else {
		a->out->quirks_off |= bit;
		a->out->quirks_on &= ~bit;
	}
	return true;
}
