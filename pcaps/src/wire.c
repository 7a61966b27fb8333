/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - a live Ethernet interface, by libpcap */
#define _DEFAULT_SOURCE /* u_int, for libpcap */

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcaps/wire.h"

#define SNAPLEN 65550 /* the longest packet, with its link header */

struct cap_wire {
	pcap_t *pcap;
	char error[CAP_ERROR_SIZE];
};

/* Each frame at once, all of it, those that arrive only. */
static enum cap_status start(struct cap_wire *wire, const char *name,
			     char error[CAP_ERROR_SIZE])
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int status;

	wire->pcap = pcap_create(name, text);
	if (wire->pcap == NULL) {
		snprintf(error, CAP_ERROR_SIZE, "%.100s: %s", name, text);
		return CAP_ERR_OPEN;
	}
	pcap_set_snaplen(wire->pcap, SNAPLEN);
	pcap_set_promisc(wire->pcap, 1);
	pcap_set_immediate_mode(wire->pcap, 1);
	pcap_set_timeout(wire->pcap, 1);
	status = pcap_activate(wire->pcap);
	if (status < 0) {
		const char *what = pcap_statustostr(status);
		const char *more = pcap_geterr(wire->pcap);

		snprintf(error, CAP_ERROR_SIZE, "%.100s: %s%s%s", name, what,
			 strcmp(what, more) == 0 ? "" : ": ",
			 strcmp(what, more) == 0 ? "" : more);
		return CAP_ERR_OPEN;
	}
	if (pcap_datalink(wire->pcap) != DLT_EN10MB) {
		snprintf(error, CAP_ERROR_SIZE,
			 "%.100s: link type %d, expected Ethernet", name,
			 pcap_datalink(wire->pcap));
		return CAP_ERR_LINK;
	}
	if (pcap_setdirection(wire->pcap, PCAP_D_IN) == 0 &&
	    pcap_setnonblock(wire->pcap, 1, text) == 0)
		return CAP_OK;
	snprintf(error, CAP_ERROR_SIZE, "%.100s: %s", name,
		 text[0] != '\0' ? text : pcap_geterr(wire->pcap));
	return CAP_ERR_OPEN;
}

enum cap_status cap_wire_open(const char *name, struct cap_wire **out_wire,
			      char error[CAP_ERROR_SIZE])
{
	struct cap_wire *wire = calloc(1, sizeof(*wire));
	enum cap_status status;

	*out_wire = NULL;
	if (wire == NULL) {
		snprintf(error, CAP_ERROR_SIZE, "%.100s: no memory", name);
		return CAP_ERR_IO;
	}
	status = start(wire, name, error);
	if (status == CAP_OK)
		*out_wire = wire;
	else
		cap_wire_close(wire);
	return status;
}

enum cap_status cap_wire_send(struct cap_wire *wire, const uint8_t *frame,
			      size_t len)
{
	if (pcap_inject(wire->pcap, frame, len) == (int)len)
		return CAP_OK;
	snprintf(wire->error, sizeof(wire->error), "send: %s",
		 pcap_geterr(wire->pcap));
	return CAP_ERR_IO;
}

enum cap_status cap_wire_next(struct cap_wire *wire, const uint8_t **out_frame,
			      size_t *out_len)
{
	struct pcap_pkthdr *header;
	int status = pcap_next_ex(wire->pcap, &header, out_frame);

	*out_len = status == 1 ? header->caplen : 0;
	if (status == 1)
		return CAP_OK;
	if (status == 0)
		return CAP_END;
	snprintf(wire->error, sizeof(wire->error), "receive: %s",
		 pcap_geterr(wire->pcap));
	return CAP_ERR_IO;
}

int cap_wire_fd(const struct cap_wire *wire)
{
	return pcap_get_selectable_fd(wire->pcap);
}

const char *cap_wire_error(const struct cap_wire *wire)
{
	return wire->error;
}

void cap_wire_close(struct cap_wire *wire)
{
	if (wire == NULL)
		return;
	if (wire->pcap != NULL)
		pcap_close(wire->pcap);
	free(wire);
}
