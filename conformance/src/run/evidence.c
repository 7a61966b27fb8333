/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.c - the packets of a case as captures that any tool opens */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pcaps/capture.h"
#include "run/evidence.h"

const char *const conf_evidence[CONF_NUM_EVIDENCE] = {
	"stimuli.pcap", "actual.pcap", "expected.pcap"};

void run_evidence_seen(void *ctx, enum conf_seen_kind kind,
		       const struct conf_packet *packet)
{
	struct run_evidence *e = ctx;

	if (e->num == e->max) {
		size_t max = e->max > 0 ? e->max * 2 : 64;
		struct run_packet *packets = realloc(e->packets,
						     max * sizeof(*packets));

		e->failed = e->failed || packets == NULL;
		if (packets == NULL)
			return;
		e->packets = packets;
		e->max = max;
	}
	if (e->data_cap - e->data_len < packet->len) {
		size_t cap = (e->data_cap + packet->len) * 2;
		uint8_t *data = realloc(e->data, cap);

		e->failed = e->failed || data == NULL;
		if (data == NULL)
			return;
		e->data = data;
		e->data_cap = cap;
	}
	e->packets[e->num++] = (struct run_packet){
		.kind = kind,
		.side = packet->side,
		.cast = packet->cast,
		.now = packet->now,
		.offset = e->data_len,
		.len = packet->len,
	};
	e->packets[e->num - 1].has_mac = kind == CONF_SEEN_STIMULUS &&
					 packet->src_mac != NULL;
	if (e->packets[e->num - 1].has_mac)
		memcpy(e->packets[e->num - 1].mac, packet->src_mac, 6);
	if (packet->len > 0)
		memcpy(e->data + e->data_len, packet->data, packet->len);
	e->data_len += packet->len;
}

void run_evidence_cleanup(struct run_evidence *e)
{
	free(e->packets);
	free(e->data);
	*e = (struct run_evidence){.num = 0};
}

bool conf_make_folder(const char *path)
{
	char *copy = strdup(path);
	bool good = copy != NULL && copy[0] != '\0';

	for (char *at = good ? copy + 1 : NULL; at != NULL && good;) {
		at = strchr(at, '/');
		if (at != NULL)
			*at = '\0';
		good = mkdir(copy, 0777) == 0 || errno == EEXIST;
		if (at != NULL)
			*at++ = '/';
	}
	free(copy);
	return good;
}

bool run_evidence_capture(const struct run_evidence *e, const char *path,
			  enum conf_seen_kind results, char *error)
{
	struct cap_writer *writer;

	if (cap_create(path, CAP_FORMAT_SLL2, &writer, error) != CAP_OK)
		return false;
	for (size_t i = 0; i < e->num; i++) {
		const struct run_packet *p = &e->packets[i];
		struct cap_record record = {
			.time = p->now,
			.side = (enum cap_side)p->side,
			.dir = p->kind == CONF_SEEN_STIMULUS ? CAP_ARRIVED
							     : CAP_SENT,
			.cast = (enum cap_cast)p->cast,
			.ethertype = CAP_ETHERTYPE_IPV4,
			.data = e->data + p->offset,
			.len = p->len,
			.wire_len = p->len,
		};

		record.is_ethernet = p->has_mac;
		memcpy(record.src_mac, p->mac, 6);
		if (p->kind != CONF_SEEN_STIMULUS && p->kind != results)
			continue;
		if (cap_write(writer, &record) != CAP_OK) {
			snprintf(error, CONF_ERROR_SIZE, "%s",
				 cap_writer_error(writer));
			cap_discard(writer);
			return false;
		}
	}
	return cap_commit(writer, error) == CAP_OK;
}

bool run_evidence_write(const struct run_evidence *e, const char *dir,
			const char *id, char error[CONF_ERROR_SIZE])
{
	static const enum conf_seen_kind kinds[CONF_NUM_EVIDENCE] = {
		CONF_SEEN_STIMULUS, CONF_SEEN_RESULT, CONF_SEEN_EXPECTED};
	size_t size = strlen(dir) + strlen(id) + 32;
	char *path = malloc(size);
	bool good = path != NULL && !e->failed;

	if (!good) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for captures");
		free(path);
		return false;
	}
	snprintf(path, size, "%s/%s", dir, id);
	good = conf_make_folder(path);
	if (!good)
		snprintf(error, CONF_ERROR_SIZE, "%.300s: %s", path,
			 strerror(errno));
	for (unsigned int i = 0; i < CONF_NUM_EVIDENCE && good; i++) {
		snprintf(path, size, "%s/%s/%s", dir, id, conf_evidence[i]);
		good = run_evidence_capture(e, path, kinds[i], error);
	}
	free(path);
	return good;
}
