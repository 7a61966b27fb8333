/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raudio_chance_test.c - mutated hellos and requests, cut anywhere
 *
 * Properties: nothing crashes, and with the quirks off a hole is for a port
 * that the client has named, at most eight wait to be used, and nothing of
 * the client's stream but numbers changes.
 */
#include <stdio.h>

#include "kit.h"
#include "raudio/raudio.h"

#define SERVER    KIT_IP(198, 51, 100, 70)
#define MAX_TEXT  4096
#define NUM_SEEDS 200

/* What is put together, in any order. */
static const char *const pieces[] = {
	"OPTIONS * RTSP/1.0\r\n\r\n",
	"SETUP rtsp://x RTSP/1.0\r\n",
	"SETUP rtsp://x RTSP/1.0\r\nTransport: a;client_port=6970-6971;b\r\n",
	"Transport: a;client_port=6970;b,c;client_port=7000-7001\r\n",
	"Transport: a;client_port=50000-50001\r\n",
	"Transport: a;client_port=1023;client_port=8000\r\n",
	"\r\n",
	"\r\n\r\n",
	"Content-Length: 10\r\n",
	"PLAY * RTSP/1.0\r\nCSeq: 3\r\n\r\n",
	"$1\r\n",
	"RTSP/1.0 200 OK\r\n\r\n",
	"transport:client_port=9000;",
	"GET / HTTP/1.1\r\n\r\n",
};
#define NUM_PIECES (sizeof(pieces) / sizeof(*pieces))

/* The client's stream, as it was sent and as it arrived. */
struct streams {
	struct kit *kit;
	char sent[MAX_TEXT + 1];
	uint32_t sent_len;
	char arrived[2 * MAX_TEXT];
	uint32_t arrived_len;
	unsigned int num_unused;
};

static void make_text(uint64_t *seed, struct streams *s)
{
	const uint32_t num = 1 + kit_below(seed, 30);

	for (uint32_t i = 0; i < num; i++) {
		const char *piece = pieces[kit_below(seed, NUM_PIECES)];

		memcpy(s->sent + s->sent_len, piece, strlen(piece));
		s->sent_len += (uint32_t)strlen(piece);
	}
	for (uint32_t n = kit_below(seed, 4); n != 0; n--)
		s->sent[kit_below(seed, s->sent_len)] =
			(char)('!' + kit_below(seed, 90));
}

static void make_hello(uint64_t *seed, struct streams *s)
{
	static const char model[] =
		"PNA\0\x0a\0\x01\0\x02\x1b\x3a\0\x14\0\x02\0\x01"
		"\0\x07\0\x02\x1b\x3b\0\0R\0\x09test.ra\0\0";

	s->sent_len = sizeof(model) - 1;
	memcpy(s->sent, model, s->sent_len);
	for (uint32_t n = kit_below(seed, 4); n != 0; n--)
		s->sent[3 + kit_below(seed, s->sent_len - 3)] =
			(char)kit_below(seed, 256);
}

/* Sends the stream in segments; one in three streams in a single one. */
static void send(uint64_t *seed, struct streams *s)
{
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 554};
	const uint32_t most = kit_below(seed, 3) == 0 ? MAX_TEXT : 400;

	kit_connect(s->kit, &conn);
	for (uint32_t at = 0, len; at < s->sent_len; at += len) {
		const struct kit_result *r;

		len = 1 + kit_below(seed, most);
		if (most == MAX_TEXT || len > s->sent_len - at)
			len = s->sent_len - at;
		r = kit_tcp_out(s->kit, &conn, s->sent + at, len);
		assert_non_null(r);
		if (s->kit->num_results != 1) /* fragments */
			continue;
		memcpy(s->arrived + s->arrived_len, r->payload, r->payload_len);
		s->arrived_len += r->payload_len;
	}
}

/* Has the client named the port, in digits or in two octets? */
static bool was_named(const struct streams *s, uint16_t port)
{
	const struct masq_view v = {
		.data = (const uint8_t *)s->sent,
		.len = s->sent_len,
	};
	char digits[8];
	const int len = snprintf(digits, sizeof(digits), "%u", port);

	for (uint32_t i = 0; i < s->sent_len; i++)
		if (masq_equal(v, i, digits, (uint32_t)len) ||
		    masq_get16(v, i) == port)
			return true;
	return false;
}

static void check_entry(void *ctx, const struct masq_entry_info *info)
{
	struct streams *s = ctx;

	if (info->masq_port == 61000)
		return;
	assert_int_equal(info->inside_addr, KIT_CLIENT);
	assert_int_equal(info->peer_addr, SERVER);
	assert_int_equal(info->parent_port, 61000);
	assert_true(info->inside_port >= 1024);
	assert_true(was_named(s, info->inside_port));
	s->num_unused++;
}

/* Without digits, dashes and blanks: what must be as it was. */
static uint32_t squeeze(char *text, uint32_t len)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < len; i++)
		if (strchr("0123456789- \t", text[i]) == NULL)
			text[n++] = text[i];
	return n;
}

static void throw(uint64_t seed, uint64_t quirks, bool is_hello)
{
	struct streams *s = test_calloc(1, sizeof(*s));
	struct masq_config config;

	kit_config(&config, quirks);
	config.max_entries = 64;
	kit_load(&config, &masq_raudio_module, NULL);
	s->kit = kit_open(&config);
	/* RA-15 leaves checksums stale. */
	s->kit->no_checks = quirks != MASQ_QUIRKS_NONE;
	if (is_hello)
		make_hello(&seed, s);
	else
		make_text(&seed, s);
	send(&seed, s);
	if (quirks == MASQ_QUIRKS_NONE) {
		masq_table_each(s->kit->engine, check_entry, s);
		assert_true(s->num_unused <= 8);
		if (!is_hello && s->arrived_len >= s->sent_len) {
			s->sent_len = squeeze(s->sent, s->sent_len);
			s->arrived_len = squeeze(s->arrived, s->arrived_len);
			assert_int_equal(s->arrived_len, s->sent_len);
			assert_memory_equal(s->arrived, s->sent, s->sent_len);
		}
	}
	kit_close(s->kit);
	test_free(s);
}

static void test_requests(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= NUM_SEEDS; seed++) {
		throw(seed, MASQ_QUIRKS_ALL, false);
		throw(seed, MASQ_QUIRKS_NONE, false);
		throw(seed, seed * UINT64_C(0x9e3779b97f4a7c15), false);
	}
}

static void test_hellos(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= NUM_SEEDS; seed++) {
		throw(seed, MASQ_QUIRKS_ALL, true);
		throw(seed, MASQ_QUIRKS_NONE, true);
		throw(seed, seed * UINT64_C(0x9e3779b97f4a7c15), true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_hellos),
	};

	return cmocka_run_group_tests_name("helpers.raudio.chance", tests, NULL,
					   NULL);
}
