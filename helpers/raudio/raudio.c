/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raudio.c - RealAudio and RTSP over TCP: UDP ports for the media
 *
 * The player tells the server where to send the media: two ports in the
 * hello of RealAudio's own protocol (PNA), or one port or a pair in RTSP's
 * SETUP. Each gets a child, whose masquerade port is written instead. In
 * PNA that is two octets for two, in RTSP the text may change its length.
 *
 * Linux 2.2 looks at each segment by itself: one that begins with PNA, or,
 * after one that began with OPTIONS or DESCRIBE, any (RA-02, RA-10). The
 * first success ends its interest. With the quirk RA_ANY_METHOD off the
 * client's stream is followed instead: PNA must be its very beginning, RTSP
 * is followed from message to message, and a stream that is neither, or of
 * which something has been missed, is left alone.
 */
#include "common/hole.h"
#include "raudio/raudio.h"
#include "raudio/raudio_hole.h"
#include "raudio/rtsp_parse.h"

enum {
	PNA_PORT = 7070,
	RTSP_PORT = 554
};

/* Word 0 of an entry, as Linux 2.2 (RA-01). */
enum {
	STARTED = 1, /* ports have been seen; no more interest */
	IS_RTSP = 2  /* OPTIONS or DESCRIBE has been seen */
};

/*
 * Word 0 with RA_ANY_METHOD off: this bit, once there has been data, and
 * the place in the stream. Word 1: octets of a body to go.
 */
#define BEGUN UINT32_C(0x100)

/* ---- PNA ------------------------------------------------------------- */

/* RA-S8: an option with another length is not what it seems. */
static bool is_port(const struct masq_hook *hook, const struct pna_option *o)
{
	if (!o->is_port || o->port == 0)
		return false;
	return o->length == 2 ||
	       hole_has_quirk(hook, MASQ_QUIRK(RA_OPTION_LEN));
}

/*
 * A segment that ends between the two octets gets the one that it has room
 * for, as in Linux 2.2 (RA-V16).
 */
static void write_port(struct masq_hook *hook, uint32_t at, uint16_t port)
{
	const uint8_t octets[2] = {(uint8_t)(port >> 8), (uint8_t)port};
	const uint32_t len = masq_has(masq_hook_payload(hook), at, 2) ? 2 : 1;

	/* No room to remember the edit: then the port stays as it was. */
	if (masq_hook_write(hook, hook->header_len + at, octets, len) !=
	    MASQ_OK)
		return;
}

/* RA-03 to -07 */
static void pna_edit(struct masq_hook *hook)
{
	struct masq_view hello = masq_hook_payload(hook);
	struct pna_option option;
	uint32_t at = PNA_O_OPTIONS;

	if (masq_get16(hello, PNA_O_VERSION) >= PNA_VERSION_LIMIT)
		return;
	/* The options are read from the packet, as changed so far. */
	while (pna_next(masq_hook_payload(hook), &at, &option)) {
		uint16_t port;

		if (!is_port(hook, &option))
			continue;
		port = raudio_open(hook, option.port);
		if (port == 0)
			return;
		write_port(hook, option.data_at, port);
	}
}

/* ---- RTSP ------------------------------------------------------------ */

#define PORTS_TEXT 11 /* octets of "65535-65535" */

static uint32_t put_number(uint8_t *out, uint16_t value)
{
	uint32_t len = 1;

	for (uint16_t rest = value; rest >= 10; rest /= 10)
		len++;
	for (uint32_t i = len; i-- != 0; value /= 10)
		out[i] = (uint8_t)('0' + value % 10);
	return len;
}

/*
 * GEN-17: Linux 2.2 makes a new buffer even for a text of the same length,
 * which it does not notice by the length alone (RA-14).
 */
static bool put_text(struct masq_hook *hook, uint32_t at, uint32_t old_len,
		     const uint8_t *text, uint32_t len)
{
	if (len == old_len && !hole_has_quirk(hook, MASQ_QUIRK(RA_EXTRA)))
		return masq_hook_write(hook, at, text, len) == MASQ_OK;
	return masq_hook_replace(hook, at, old_len, text, len) == MASQ_OK;
}

/*
 * Opens the ports and writes them at base + ports->at of the segment.
 * Returns true if it did, and in *out_diff by how much the text grew.
 */
static bool rtsp_edit(struct masq_hook *hook, uint32_t base,
		      const struct rtsp_ports *ports, int32_t *out_diff)
{
	uint8_t text[PORTS_TEXT];
	uint16_t open[2];
	uint32_t len;

	if (ports->has_second) {
		if (!raudio_open_pair(hook, ports->first, ports->second, open))
			return false;
	} else {
		open[0] = raudio_open(hook, ports->first);
		if (open[0] == 0)
			return false;
	}
	len = put_number(text, open[0]);
	if (ports->has_second) {
		text[len++] = '-';
		len += put_number(text + len, open[1]);
	}
	if (!put_text(hook, base + ports->at, ports->len, text, len))
		return false;
	*out_diff = (int32_t)len - (int32_t)ports->len;
	return true;
}

/* RA-14: what is reported for the sequence record. */
static struct masq_answer report(const struct masq_hook *hook, int32_t diff)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(RA_EXTRA)))
		diff++;
	return (struct masq_answer){.diff = diff};
}

/* ---- segment by segment, as Linux 2.2 -------------------------------- */

static struct masq_answer segment_out(struct masq_hook *hook)
{
	const struct masq_view data = masq_hook_payload(hook);
	uint32_t *state = &masq_entry_words(hook->entry)[0];
	struct rtsp_ports ports;
	int32_t diff;

	if ((*state & STARTED) != 0)
		return (struct masq_answer){0};
	if ((*state & IS_RTSP) == 0) {
		switch (raudio_kind_of(data)) {
		case RAUDIO_PNA:
			if (hole_has_quirk(hook, MASQ_QUIRK(RA_ONCE)))
				*state |= STARTED;
			pna_edit(hook);
			return (struct masq_answer){0};
		case RAUDIO_RTSP:
			*state |= IS_RTSP;
			break;
		case RAUDIO_OTHER:
			return (struct masq_answer){0};
		}
	}
	if (!raudio_scan(data, &ports) ||
	    !rtsp_edit(hook, hook->header_len, &ports, &diff))
		return (struct masq_answer){0};
	if (hole_has_quirk(hook, MASQ_QUIRK(RA_ONCE)))
		*state |= STARTED;
	return report(hook, diff);
}

/* ---- message by message ---------------------------------------------- */

/* A stream that is followed, and the segment that is being looked at. */
struct walk {
	struct rtsp_stream stream;
	uint32_t at;      /* offset of the next octet in the payload */
	uint32_t start;   /* of a message's first octet */
	bool has_start;   /* it is in this segment */
	int32_t diff;     /* octets that the segment has grown by */
	bool is_replaced; /* it has been changed */
};

/* The ports of a complete head, which ends before w->at. */
static void head_edit(struct masq_hook *hook, struct walk *w)
{
	uint32_t at = 0;

	while (w->stream.phase != RTSP_ALIEN) {
		const struct masq_view head = masq_slice(
			masq_hook_payload(hook), w->start, w->at - w->start);
		struct rtsp_ports ports;
		int32_t diff;

		if (!rtsp_is_setup(head) || !rtsp_next_ports(head, &at, &ports))
			return;
		/* RTP's ports are neighbours (RFC 2326 12.39). */
		if (ports.has_second && ports.second != ports.first + 1)
			continue;
		if (!rtsp_edit(hook, hook->header_len + w->start, &ports,
			       &diff))
			continue;
		at += (uint32_t)diff;
		w->at += (uint32_t)diff;
		w->diff += diff;
		w->is_replaced = true;
		if (hole_has_quirk(hook, MASQ_QUIRK(RA_ONCE)))
			w->stream = (struct rtsp_stream){.phase = RTSP_ALIEN};
	}
}

static void walk_segment(struct masq_hook *hook, struct walk *w)
{
	while (w->at < masq_hook_payload(hook).len) {
		const uint8_t x = masq_get8(masq_hook_payload(hook), w->at);

		switch (rtsp_feed(&w->stream, x)) {
		case RTSP_BEGINS:
			w->start = w->at++;
			w->has_start = true;
			break;
		case RTSP_ENDS:
			w->at++;
			if (w->has_start)
				head_edit(hook, w);
			w->has_start = false;
			break;
		case RTSP_NOTHING:
			w->at++;
			break;
		}
	}
}

/* The stream's first data, if it is a hello, ends the interest in it. */
static void first_data(struct masq_hook *hook, struct walk *w)
{
	const struct masq_view data = masq_hook_payload(hook);

	if (raudio_kind_of(data) != RAUDIO_PNA)
		return;
	if (pna_is_whole(data))
		pna_edit(hook);
	w->stream.phase = RTSP_ALIEN;
}

static struct masq_answer stream_out(struct masq_hook *hook)
{
	uint32_t *words = masq_entry_words(hook->entry);
	struct walk w = {.stream = rtsp_unpack(words[0], words[1])};

	if (w.stream.phase == RTSP_ALIEN || masq_hook_payload(hook).len == 0)
		return (struct masq_answer){0};
	if (!hook->in_order)
		w.stream.phase = RTSP_ALIEN;
	else if ((words[0] & BEGUN) == 0)
		first_data(hook, &w);
	if (w.stream.phase != RTSP_ALIEN)
		walk_segment(hook, &w);
	words[0] = rtsp_pack(&w.stream) | BEGUN;
	words[1] = w.stream.left;
	if (!w.is_replaced)
		return (struct masq_answer){0};
	return report(hook, w.diff);
}

/* ---- the helper ------------------------------------------------------ */

static struct masq_answer raudio_out(struct masq_hook *hook)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(RA_ANY_METHOD)))
		return segment_out(hook);
	return stream_out(hook);
}

static const struct masq_helper_ops raudio_tcp_ops = {
	.name = "RealAudio",
	.proto = PROTO_TCP,
	.out = raudio_out,
};

static const struct masq_helper_ops *const raudio_ops[] = {
	&raudio_tcp_ops,
	NULL,
};

const struct helper_module masq_raudio_module = {
	.name = "raudio",
	.ops = raudio_ops,
	.default_ports = {RTSP_PORT, PNA_PORT},
	.max_ports = HELPER_MAX_PORTS,
};
