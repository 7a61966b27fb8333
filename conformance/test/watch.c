/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - a checker under test, and packets as a NAT would change them */
#include <stdio.h>

#include "watch.h"

static void on_violation(void *ctx, const struct conf_violation *v)
{
	struct watch *w = ctx;
	size_t len = strlen(w->ids);

	w->num++;
	w->stimulus = v->stimulus;
	snprintf(w->ids + len, sizeof(w->ids) - len, "%s ", v->invariant->id);
	snprintf(w->text, sizeof(w->text), "%s", v->text);
}

void watch_init(struct watch *w)
{
	*w = (struct watch){.now = WATCH_SECOND};
	conf_settings_init(&w->settings);
	w->settings.profile = CONF_PROFILE_LINUX22_FIXED;
}

void watch_start(struct watch *w)
{
	w->checker = conf_checker_new(&w->settings, on_violation, w);
	assert_non_null(w->checker);
}

void watch_stop(struct watch *w)
{
	conf_checker_free(w->checker);
}

int watch_setup(void **state)
{
	watch_init(*state);
	watch_start(*state);
	return 0;
}

int watch_teardown(void **state)
{
	watch_stop(*state);
	return 0;
}

void watch_stimulus(struct watch *w, const struct packet *p,
		    enum conf_side side)
{
	struct conf_packet packet = on_wire(p, side, w->now);

	conf_checker_stimulus(w->checker, &packet);
}

void watch_result(struct watch *w, const struct packet *q, enum conf_side side)
{
	struct conf_packet packet = on_wire(q, side, w->now);

	conf_checker_result(w->checker, &packet);
}

void watch_end(struct watch *w)
{
	conf_checker_end(w->checker, w->now);
}

void watch_step(struct watch *w, const struct packet *p, enum conf_side from,
		const struct packet *q, enum conf_side to)
{
	watch_stimulus(w, p, from);
	if (q != NULL)
		watch_result(w, q, to);
	watch_end(w);
}

void watch_out(struct watch *w, const struct packet *p, const struct packet *q)
{
	watch_step(w, p, CONF_INSIDE, q, CONF_OUTSIDE);
}

void watch_in(struct watch *w, const struct packet *p, const struct packet *q)
{
	watch_step(w, p, CONF_OUTSIDE, q, CONF_INSIDE);
}

static void forget(struct watch *w)
{
	w->num = 0;
	w->ids[0] = '\0';
}

void watch_expect(struct watch *w, const char *id)
{
	const char *at = w->ids;

	if (w->num == 0)
		fail_msg("%s was expected, nothing was seen", id);
	for (; *at != '\0'; at += strlen(id) + 1)
		if (strncmp(at, id, strlen(id)) != 0)
			fail_msg("%s was expected, seen: %s(%s)", id, w->ids,
				 w->text);
	forget(w);
}

void watch_expect_among(struct watch *w, const char *id)
{
	if (strstr(w->ids, id) == NULL)
		fail_msg("%s was expected, seen: %s", id, w->ids);
	forget(w);
}

void watch_expect_none(struct watch *w)
{
	if (w->num != 0)
		fail_msg("nothing was expected, seen: %s(%s)", w->ids, w->text);
}

struct packet nat_out(const struct packet *p, uint16_t port)
{
	struct packet q = *p;

	put8(&q, 8, (uint8_t)(p->data[8] - 1));
	put32(&q, 12, OUTSIDE_ADDR);
	put16(&q, p->data[9] == 1 ? 24 : 20, port);
	fix_all(&q);
	return q;
}

struct packet nat_in(const struct packet *p, uint32_t addr, uint16_t port)
{
	struct packet q = *p;

	put8(&q, 8, (uint8_t)(p->data[8] - 1));
	put32(&q, 16, addr);
	put16(&q, p->data[9] == 1 ? 24 : 22, port);
	fix_all(&q);
	return q;
}

struct packet own_error(const struct packet *p, uint32_t from, uint8_t type,
			uint8_t code)
{
	struct masq_view v = {.data = p->data, .len = p->len};
	struct packet q = make_icmp(from, masq_get32(v, 12), type, code, 0,
				    p->data, p->len < 548 ? p->len : 548);

	return q;
}

struct packet query(void)
{
	return make_udp(INSIDE_HOST, 2000, PEER, 53, "what?");
}

struct packet answer(void)
{
	return make_udp(PEER, 53, OUTSIDE_ADDR, WATCH_PORT, "that");
}

struct packet segment(uint8_t flags, const char *payload)
{
	return make_tcp(INSIDE_HOST, 2000, PEER, 80, flags, payload);
}

struct packet segment_back(uint8_t flags, const char *payload)
{
	return make_tcp(PEER, 80, OUTSIDE_ADDR, WATCH_PORT, flags, payload);
}

void watch_send_out(struct watch *w, const struct packet *p, uint16_t port)
{
	struct packet q = nat_out(p, port);

	watch_out(w, p, &q);
}

void watch_send_in(struct watch *w, const struct packet *p, uint32_t addr,
		   uint16_t port)
{
	struct packet q = nat_in(p, addr, port);

	watch_in(w, p, &q);
}

void watch_wait(struct watch *w, uint64_t seconds)
{
	w->now += seconds * WATCH_SECOND;
}
