/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - a device on a bench, between two Ethernet interfaces
 *
 * "live:IN,OUT[,quiet=MS][,most=MS]": IN is wired to the inside of the device,
 * OUT to its outside. A stimulus is sent when its time has come, in real
 * time; its results are what arrives until nothing has for quiet
 * milliseconds (default 50), and at most for most milliseconds (1000).
 *
 * The hosts of both sides are played here: every ARP request of the device
 * for an address that is not its own is answered. Its own Ethernet addresses
 * are asked for by ARP (inside.address, outside.address) unless the settings
 * say them (inside.mac, outside.mac).
 *
 * The device keeps its mappings from one case to the next, and its settings
 * are whatever they are: cases that set something are UNIMPLEMENTED, and so
 * are those that need a virtual clock.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/settings.h"
#include "engines.h"
#include "masq/wire.h"
#include "pcaps/wire.h"

#define LINK_HEADER 14u
#define MIN_FRAME   60u
#define MAX_PACKET  65535u
#define ARP_LEN     28u
#define ARP_TRIES   4u

#define TYPE_IPV4 0x0800
#define TYPE_ARP  0x0806

enum {
	IN = 0,
	OUT = 1,
	NUM_ENDS
};

/* One side of the device. */
struct end {
	struct cap_wire *wire;
	uint32_t addr;  /* the device's */
	uint8_t mac[6]; /* the device's */
	uint8_t own[6]; /* of the hosts that are played */
	bool has_mac;
};

struct live {
	struct end end[NUM_ENDS];
	uint32_t quiet, most; /* ms */
	bool started;
	uint64_t start;      /* ns, virtual */
	uint64_t start_real; /* ns */
	char error[CONF_ERROR_SIZE];
	uint8_t frame[LINK_HEADER + MAX_PACKET + 1];
};

/* Where results go on to; emit is NULL where they do not count. */
struct exit {
	uint64_t now;
	conf_emit_fn *emit;
	void *ctx;
};

static uint64_t real_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void live_close(void *engine)
{
	struct live *live = engine;

	if (live == NULL)
		return;
	for (unsigned int i = 0; i < NUM_ENDS; i++)
		cap_wire_close(live->end[i].wire);
	free(live);
}

static enum conf_status broke(struct live *live, const struct end *end)
{
	snprintf(live->error, sizeof(live->error), "live: %s",
		 cap_wire_error(end->wire));
	return CONF_ERR_ENGINE;
}

static enum conf_status send_frame(struct live *live, const struct end *end,
				   const uint8_t to[6], const uint8_t from[6],
				   uint16_t type, uint32_t len)
{
	struct masq_buf buf = {.data = live->frame,
			       .len = sizeof(live->frame),
			       .cap = sizeof(live->frame)};

	memcpy(live->frame, to, 6);
	memcpy(live->frame + 6, from, 6);
	masq_put16(&buf, 12, type);
	len += LINK_HEADER;
	if (len < MIN_FRAME) {
		memset(live->frame + len, 0, MIN_FRAME - len);
		len = MIN_FRAME;
	}
	if (cap_wire_send(end->wire, live->frame, len) != CAP_OK)
		return broke(live, end);
	return CONF_OK;
}

/* An ARP message of the hosts: op 1 asks, 2 answers. */
static enum conf_status send_arp(struct live *live, const struct end *end,
				 uint16_t op, uint32_t from, uint32_t about,
				 const uint8_t to[6])
{
	struct masq_buf buf = {.data = live->frame + LINK_HEADER,
			       .len = ARP_LEN,
			       .cap = ARP_LEN};

	masq_put16(&buf, 0, 1); /* Ethernet */
	masq_put16(&buf, 2, TYPE_IPV4);
	masq_put16(&buf, 4, 0x0604);
	masq_put16(&buf, 6, op);
	memcpy(buf.data + 8, end->own, 6);
	masq_put32(&buf, 14, from);
	memcpy(buf.data + 18, to, 6);
	masq_put32(&buf, 24, about);
	return send_frame(live, end, to, end->own, TYPE_ARP, ARP_LEN);
}

static enum conf_status take_arp(struct live *live, struct end *end,
				 struct masq_view arp)
{
	uint32_t from = masq_get32(arp, 14), about = masq_get32(arp, 24);
	uint8_t mac[6];

	if (arp.len < ARP_LEN)
		return CONF_OK;
	memcpy(mac, arp.data + 8, 6);
	if (from == end->addr && !end->has_mac) {
		memcpy(end->mac, mac, 6);
		end->has_mac = true;
	}
	if (masq_get16(arp, 6) != 1 || about == end->addr || about == from)
		return CONF_OK;
	return send_arp(live, end, 2, about, from, mac);
}

/* Link padding is no part of a packet whose length can be believed. */
static void take_packet(const struct live *live, const struct end *end,
			struct masq_view ip, const struct exit *out)
{
	uint32_t total = masq_get16(ip, 2);
	const struct conf_packet packet = {
		.side = end == &live->end[IN] ? CONF_INSIDE : CONF_OUTSIDE,
		.now = out->now,
		.data = ip.data,
		.len = total >= 20 && total < ip.len ? total : ip.len,
		.src_mac = ip.data - LINK_HEADER + 6,
		.dst_mac = ip.data - LINK_HEADER,
	};

	if (out->emit != NULL)
		out->emit(out->ctx, &packet);
}

/* Takes what has arrived at one end. */
static enum conf_status drain(struct live *live, struct end *end,
			      const struct exit *out, bool *out_any)
{
	for (;;) {
		const uint8_t *data;
		size_t len;
		enum cap_status got = cap_wire_next(end->wire, &data, &len);
		const struct masq_view frame = {.data = data,
						.len = (uint32_t)len};
		enum conf_status status = CONF_OK;

		if (got == CAP_END)
			return CONF_OK;
		if (got != CAP_OK)
			return broke(live, end);
		if (len < LINK_HEADER)
			continue;
		if (masq_get16(frame, 12) == TYPE_ARP)
			status = take_arp(live, end,
					  masq_from(frame, LINK_HEADER));
		if (status != CONF_OK)
			return status;
		if (masq_get16(frame, 12) != TYPE_IPV4 ||
		    (end->has_mac && memcmp(data + 6, end->mac, 6) != 0))
			continue;
		take_packet(live, end, masq_from(frame, LINK_HEADER), out);
		*out_any = true;
	}
}

/* Takes what arrives until real time until, or for quiet ns nothing did. */
static enum conf_status listen_for(struct live *live, uint64_t until,
				   uint64_t quiet, const struct exit *out)
{
	uint64_t last = real_now(), now = last;

	while (now < until && now - last < quiet) {
		uint64_t end = until - now < quiet - (now - last)
				       ? until
				       : last + quiet;
		struct pollfd fds[NUM_ENDS];
		bool any = false;

		for (unsigned int i = 0; i < NUM_ENDS; i++)
			fds[i] = (struct pollfd){
				.fd = cap_wire_fd(live->end[i].wire),
				.events = POLLIN,
			};
		if (poll(fds, NUM_ENDS, (int)((end - now + 999999) / 1000000)) <
			    0 &&
		    errno != EINTR)
			return CONF_ERR_ENGINE;
		for (unsigned int i = 0; i < NUM_ENDS; i++) {
			enum conf_status status = drain(live, &live->end[i],
							out, &any);

			if (status != CONF_OK)
				return status;
		}
		now = real_now();
		if (any)
			last = now;
	}
	return CONF_OK;
}

/* Until the real clock is where the virtual one is. */
static enum conf_status await(struct live *live, uint64_t now,
			      conf_emit_fn *emit, void *ctx)
{
	const struct exit out = {.now = now, .emit = emit, .ctx = ctx};

	if (!live->started) {
		live->started = true;
		live->start = now;
		live->start_real = real_now();
	}
	if (now <= live->start)
		return CONF_OK;
	return listen_for(live, live->start_real + (now - live->start),
			  UINT64_MAX, &out);
}

static enum conf_status find_mac(struct live *live, struct end *end,
				 const char *key)
{
	static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
	const struct exit out = {.emit = NULL};
	enum conf_status status = CONF_OK;

	for (unsigned int i = 0;
	     i < ARP_TRIES && !end->has_mac && status == CONF_OK; i++) {
		status = send_arp(live, end, 1, end->addr ^ 3, end->addr, all);
		for (unsigned int k = 0;
		     k < 10 && !end->has_mac && status == CONF_OK; k++)
			status = listen_for(live, real_now() + 25000000,
					    UINT64_MAX, &out);
	}
	if (status != CONF_OK || end->has_mac)
		return status;
	snprintf(live->error, sizeof(live->error),
		 "live: no answer to ARP from the device's %s: is that its "
		 "address (--set %s=A.B.C.D/LEN)?",
		 key, key);
	return CONF_ERR_ENGINE;
}

static bool read_option(struct live *live, const char *text)
{
	unsigned int value;
	char end;

	if (sscanf(text, "quiet=%u%c", &value, &end) == 1 && value > 0)
		live->quiet = value;
	else if (sscanf(text, "most=%u%c", &value, &end) == 1 && value > 0)
		live->most = value;
	else
		return false;
	return true;
}

/* IN,OUT and options; names is cut into pieces. */
static enum conf_status open_wires(struct live *live, char *names)
{
	char *piece[6] = {names};
	unsigned int num = 1;
	bool good;

	for (char *at = names; *at != '\0'; at++)
		if (*at == ',' && num < 6) {
			*at = '\0';
			piece[num++] = at + 1;
		}
	good = num >= 2 && piece[0][0] != '\0' && piece[1][0] != '\0';
	for (unsigned int i = 2; i < num && good; i++)
		good = read_option(live, piece[i]);
	if (!good) {
		snprintf(live->error, sizeof(live->error),
			 "live: expected IN,OUT[,quiet=MS][,most=MS], two "
			 "interfaces");
		return CONF_ERR_CONFIG;
	}
	for (unsigned int i = 0; i < NUM_ENDS; i++) {
		char error[CAP_ERROR_SIZE];

		if (cap_wire_open(piece[i], &live->end[i].wire, error) ==
		    CAP_OK)
			continue;
		snprintf(live->error, sizeof(live->error), "live: %.480s",
			 error);
		return CONF_ERR_ENGINE;
	}
	return CONF_OK;
}

static void set_end(struct end *end, const struct conf_interface *interface,
		    uint8_t last)
{
	const uint8_t own[6] = {2, 0, 0, 0, 0, last};

	end->addr = interface->addr;
	end->has_mac = interface->has_mac;
	memcpy(end->mac, interface->mac, 6);
	memcpy(end->own, own, 6);
}

static enum conf_status start(struct live *live,
			      const struct conf_config *config)
{
	struct conf_settings *settings = malloc(sizeof(*settings));
	char *names = strdup(config->argument);
	enum conf_status status = CONF_ERR_ENGINE;

	if (settings != NULL && names != NULL)
		status = conf_settings_read(settings, config, live->error);
	if (status == CONF_OK) {
		set_end(&live->end[IN], &settings->inside, 0x81);
		set_end(&live->end[OUT], &settings->outside, 0x82);
		status = open_wires(live, names);
	}
	free(names);
	free(settings);
	if (status == CONF_OK)
		status = find_mac(live, &live->end[IN], "inside.address");
	if (status == CONF_OK)
		status = find_mac(live, &live->end[OUT], "outside.address");
	return status;
}

static enum conf_status live_open(const struct conf_config *config,
				  void **out_engine, char *error,
				  size_t error_size)
{
	struct live *live = calloc(1, sizeof(*live));
	enum conf_status status;

	*out_engine = NULL;
	if (live == NULL) {
		snprintf(error, error_size, "no memory for the engine");
		return CONF_ERR_ENGINE;
	}
	live->quiet = 50;
	live->most = 1000;
	status = start(live, config);
	if (status == CONF_OK) {
		*out_engine = live;
		return CONF_OK;
	}
	snprintf(error, error_size, "%s", live->error);
	live_close(live);
	return status;
}

/* A device cannot be made to forget. */
static enum conf_status live_reset(void *engine)
{
	(void)engine;
	return CONF_ERR_UNSUPPORTED;
}

static enum conf_status live_packet(void *engine,
				    const struct conf_packet *stimulus,
				    conf_emit_fn *emit, void *ctx)
{
	static const uint8_t to[][6] = {
		[CONF_CAST_BROADCAST] = {255, 255, 255, 255, 255, 255},
		[CONF_CAST_MULTICAST] = {1, 0, 0x5e, 0, 0, 1},
		[CONF_CAST_OTHER] = {2, 0, 0, 0, 0, 0xee},
	};
	struct live *live = engine;
	const struct end *end =
		&live->end[stimulus->side == CONF_INSIDE ? IN : OUT];
	const struct exit out = {
		.now = stimulus->now, .emit = emit, .ctx = ctx};
	enum conf_status status = await(live, stimulus->now, emit, ctx);

	if (status != CONF_OK || stimulus->len > MAX_PACKET)
		return status;
	if (stimulus->len > 0)
		memcpy(live->frame + LINK_HEADER, stimulus->data,
		       stimulus->len);
	status = send_frame(
		live, end,
		stimulus->cast == CONF_CAST_HOST ? end->mac
						 : to[stimulus->cast & 3],
		stimulus->src_mac != NULL ? stimulus->src_mac : end->own,
		TYPE_IPV4, stimulus->len);
	if (status != CONF_OK)
		return status;
	return listen_for(live, real_now() + live->most * UINT64_C(1000000),
			  live->quiet * UINT64_C(1000000), &out);
}

static enum conf_status live_advance(void *engine, uint64_t now,
				     conf_emit_fn *emit, void *ctx)
{
	return await(engine, now, emit, ctx);
}

static enum conf_status live_dump(void *engine, enum conf_dump what,
				  conf_text_fn *text, void *ctx)
{
	(void)engine;
	(void)what;
	(void)text;
	(void)ctx;
	return CONF_ERR_UNSUPPORTED;
}

static const char *live_error(void *engine)
{
	const struct live *live = engine;

	return live->error;
}

const struct conf_engine_ops conf_live_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "live",
	.capabilities = CONF_CAN_FRAGMENTS | CONF_CAN_ETHERNET,
	.open = live_open,
	.reset = live_reset,
	.packet = live_packet,
	.advance = live_advance,
	.dump = live_dump,
	.error = live_error,
	.close = live_close,
};
