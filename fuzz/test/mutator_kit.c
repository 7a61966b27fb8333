/* SPDX-License-Identifier: Apache-2.0 */
/* mutator_kit.c - see mutator_kit.h */
#include "mutator_kit.h"

static struct kit kit;

int kit_setup(void **state)
{
	kit.mutator = fuzz_mutator_new("");
	*state = &kit;
	return kit.mutator == NULL;
}

int kit_teardown(void **state)
{
	(void)state;
	fuzz_mutator_free(kit.mutator);
	return 0;
}

/* ---- inputs ---------------------------------------------------------- */

#define HOST   UINT32_C(0xc0a8010a) /* 192.168.1.10 */
#define ROUTER UINT32_C(0xcb007101) /* 203.0.113.1 */
#define PEER   UINT32_C(0xc6336407) /* 198.51.100.7 */
#define POOL   61000u

/* Octets of a header and eight of payload, with good checksums. */
static uint32_t make(uint8_t *data, uint8_t proto, bool out, uint32_t ports,
		     uint32_t first, uint32_t second, uint32_t len)
{
	struct masq_buf b = {.data = data, .len = len, .cap = len};

	memset(data, 0, len);
	masq_put8(&b, 0, 0x45);
	masq_put16(&b, 2, (uint16_t)len);
	masq_put8(&b, 8, 64);
	masq_put8(&b, 9, proto);
	masq_put32(&b, 12, out ? HOST : PEER);
	masq_put32(&b, 16, out ? PEER : ROUTER);
	masq_put32(&b, 20, ports);
	masq_put32(&b, 24, first);
	masq_put32(&b, 28, second);
	return len;
}

struct builder {
	uint8_t *data;
	size_t len, room;
	uint64_t now;
};

static void put(struct builder *to, bool out, uint8_t *octets, uint32_t len)
{
	const struct conf_packet packet = {
		.side = out ? CONF_INSIDE : CONF_OUTSIDE,
		.now = to->now,
		.data = octets,
		.len = len,
	};
	size_t more;

	sums_repair(octets, len);
	more = fuzz_output_packet(to->data + to->len, to->room - to->len,
				  &packet);
	assert_int_not_equal(more, 0);
	to->len += more;
	to->now += NS_PER_MS;
}

static void put_tcp(struct builder *to, bool out, uint8_t flags, uint32_t seq,
		    uint32_t ack, uint32_t payload)
{
	uint8_t octets[200];
	const uint32_t ports = out ? 1030u << 16 | 80 : 80u << 16 | POOL;
	const uint32_t len = make(octets, IPP_TCP, out, ports, seq, ack,
				  40 + payload);

	octets[32] = 0x50;
	octets[33] = flags;
	memset(octets + 40, 'd', payload);
	put(to, out, octets, len);
}

static void put_udp(struct builder *to, bool out, uint16_t host, uint16_t masq)
{
	uint8_t octets[200];
	const uint32_t ports = out ? (uint32_t)host << 16 | 53
				   : 53u << 16 | masq;

	put(to, out, octets,
	    make(octets, IPP_UDP, out, ports, 16u << 16 | 1, 0, 36));
}

static void put_ping(struct builder *to, bool out)
{
	uint8_t octets[200];
	const uint32_t id = out ? 7 : POOL + 2;

	put(to, out, octets,
	    make(octets, IPP_ICMP, out, out ? 0x08000000 : 0, id << 16 | 1, 0,
		 36));
}

static struct builder begin(uint8_t *data, size_t room)
{
	return (struct builder){
		.data = data,
		.room = room,
		.len = fuzz_output_header(data, room, 0),
		.now = NS_PER_S,
	};
}

size_t kit_seed(uint8_t *data, size_t room)
{
	struct builder to = begin(data, room);

	put_tcp(&to, true, F_SYN, 999, 0, 0);
	put_tcp(&to, false, F_SYN | F_ACK, 4999, 1000, 0);
	put_tcp(&to, true, F_ACK, 1000, 5000, 0);
	put_tcp(&to, true, F_PSH | F_ACK, 1000, 5000, 60);
	put_tcp(&to, false, F_PSH | F_ACK, 5000, 1060, 40);
	put_udp(&to, true, 2000, POOL + 1);
	put_udp(&to, false, 2000, POOL + 1);
	put_ping(&to, true);
	put_ping(&to, false);
	return to.len;
}

size_t kit_many(uint8_t *data, size_t room, unsigned int num)
{
	struct builder to = begin(data, room);

	for (unsigned int i = 0; i < num; i++)
		put_udp(&to, true, (uint16_t)(3000 + i % 8), 0);
	return to.len;
}

unsigned int kit_count(const uint8_t *data, size_t len)
{
	struct fuzz_input input;
	struct conf_packet packet;
	unsigned int num = 0;

	assert_true(fuzz_input_open(&input, data, len));
	while (fuzz_input_next(&input, &packet))
		num++;
	return num;
}

/* ---- effects --------------------------------------------------------- */

void kit_load(struct work *w, const uint8_t *data, size_t len, uint32_t seed)
{
	w->rng.state = seed;
	list_read(w, data, len);
	w->cut = w->num;
	assert_true(world_begin(w));
}

static void on_result(void *ctx, const struct masq_result *result)
{
	bool *through = ctx;

	if (!result->own_error)
		*through = true;
}

struct kit_effect kit_play(struct work *w)
{
	struct masq_engine *engine = w->world.place->engine;
	struct kit_effect effect = {0};

	masq_engine_reset(engine);
	for (unsigned int i = 0; i < w->num; i++) {
		const struct conf_packet *p = &w->packets[i];
		const struct masq_frame frame = {
			.side = (enum masq_side)p->side,
			.cast = (enum masq_cast)p->cast,
			.now = p->now,
			.data = p->data,
			.len = p->len,
		};
		bool through = false;

		(void)masq_packet(engine, &frame, on_result, &through);
		if (p->side == CONF_OUTSIDE) {
			effect.num_in++;
			effect.num_in_through += through;
		}
	}
	masq_stats_get(engine, &effect.stats);
	return effect;
}

const struct mutation *kit_find(const char *name)
{
	for (unsigned int i = 0; i < fuzz_num_mutations; i++) {
		if (strcmp(fuzz_mutations[i].name, name) == 0)
			return &fuzz_mutations[i];
	}
	fail_msg("no mutation %s", name);
	return NULL;
}

static void add(struct kit_effect *sum, const struct kit_effect *e)
{
	sum->num_in += e->num_in;
	sum->num_in_through += e->num_in_through;
	sum->stats.num_created += e->stats.num_created;
	sum->stats.num_expired += e->stats.num_expired;
	sum->stats.num_children += e->stats.num_children;
	sum->stats.num_edits += e->stats.num_edits;
	sum->stats.num_errors_translated += e->stats.num_errors_translated;
	sum->stats.num_own_errors += e->stats.num_own_errors;
	for (unsigned int i = 0; i < MASQ_NUM_DROPS; i++)
		sum->stats.drops[i] += e->stats.drops[i];
}

struct kit_effect kit_run(struct kit *k, const char *name, unsigned int times)
{
	struct work *w = fuzz_mutator_work(k->mutator);
	const struct mutation *mutation = kit_find(name);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));
	struct kit_effect sum = {0};

	for (uint32_t seed = 0; seed < times; seed++) {
		struct kit_effect e;

		kit_load(w, data, len, seed);
		(void)mutation->run(w);
		e = kit_play(w);
		add(&sum, &e);
	}
	return sum;
}
