/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline.c - the least that reading and writing a capture costs
 *
 * What a program does that uses libpcap and nothing else.
 */
#define _DEFAULT_SOURCE /* for the types in pcap.h */

#include <pcap/pcap.h>

#include "bytes.h"
#include "fail.h"
#include "frame.h"
#include "link.h"
#include "pcaps/baseline.h"

#define SNAPLEN 262144

/* Offsets in the SLL2 header. */
enum {
	IFINDEX_AT = 4,
	PACKET_TYPE_AT = 10,
};

/* Both copies of one record. */
static void copy_twice(pcap_dumper_t *dumper, const struct pcap_pkthdr *header,
		       const u_char *data, cap_rewrite_fn *rewrite, void *ctx)
{
	static uint8_t frame[SNAPLEN];
	enum cap_side side = data[IFINDEX_AT + 3] == 1 ? CAP_INSIDE
						       : CAP_OUTSIDE;

	pcap_dump((u_char *)dumper, header, data);
	memcpy(frame, data, header->caplen);
	cap_put_be32(frame + IFINDEX_AT, side == CAP_INSIDE ? 2 : 1);
	frame[PACKET_TYPE_AT] = 4;
	rewrite(ctx, side, frame + CAP_SLL2_HEADER,
		header->caplen - CAP_SLL2_HEADER);
	pcap_dump((u_char *)dumper, header, frame);
}

static enum cap_status copy_all(pcap_t *pcap, pcap_dumper_t *dumper,
				const char *in, const char *out,
				cap_rewrite_fn *rewrite, void *ctx, char *error)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int more;

	while ((more = pcap_next_ex(pcap, &header, &data)) == 1) {
		if (header->caplen < CAP_SLL2_HEADER ||
		    header->caplen > SNAPLEN)
			return cap_fail(error, CAP_ERR_FORMAT,
					"%s: a record of %u octets", in,
					header->caplen);
		copy_twice(dumper, header, data, rewrite, ctx);
	}
	if (more != PCAP_ERROR_BREAK)
		return cap_fail(error, CAP_ERR_FORMAT, "%s: %s", in,
				pcap_geterr(pcap));
	if (pcap_dump_flush(dumper) != 0)
		return cap_fail(error, CAP_ERR_IO, "%s: cannot be written",
				out);
	return CAP_OK;
}

enum cap_status cap_baseline(const char *in, const char *out,
			     cap_rewrite_fn *rewrite, void *ctx,
			     char error[CAP_ERROR_SIZE])
{
	char text[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(
		in, PCAP_TSTAMP_PRECISION_NANO, text);
	enum cap_status status;
	pcap_dumper_t *dumper;

	if (pcap == NULL)
		return cap_fail(error, CAP_ERR_OPEN, "%s", text);
	if (pcap_datalink(pcap) != DLT_LINUX_SLL2) {
		pcap_close(pcap);
		return cap_fail(error, CAP_ERR_LINK,
				"%s: expected link type LINUX_SLL2", in);
	}
	dumper = pcap_dump_open(pcap, out);
	if (dumper == NULL) {
		status = cap_fail(error, CAP_ERR_OPEN, "%s", pcap_geterr(pcap));
	} else {
		status = copy_all(pcap, dumper, in, out, rewrite, ctx, error);
		pcap_dump_close(dumper);
	}
	pcap_close(pcap);
	return status;
}
