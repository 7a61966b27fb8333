/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - the captures that a replay writes */
#include <string.h>

#include "output.h"

/* The writers in one row: the router's eye, then the wires. */
#define NUM_WRITERS 4

static struct cap_writer **writer_at(struct cli_output *output, unsigned int i)
{
	return i == 0 ? &output->eye : &output->wire[i - 1];
}

bool cli_output_open(struct cli_output *output, const struct cli_paths *paths,
		     const struct cap_reader *reader,
		     const struct conf_settings *settings)
{
	*output = (struct cli_output){.settings = settings};
	for (unsigned int i = 0; i < NUM_WRITERS; i++) {
		const char *path = i == 0 ? paths->eye : paths->wire[i - 1];
		enum cap_format format = i == 0 ? CAP_FORMAT_SLL2
						: CAP_FORMAT_ETHERNET;

		if (path == NULL)
			continue;
		if (cap_create_from(reader, path, format, writer_at(output, i),
				    output->error) != CAP_OK) {
			cli_output_discard(output);
			return false;
		}
	}
	return true;
}

void cli_output_discard(struct cli_output *output)
{
	for (unsigned int i = 0; i < NUM_WRITERS; i++) {
		cap_discard(*writer_at(output, i));
		*writer_at(output, i) = NULL;
	}
}

bool cli_output_commit(struct cli_output *output)
{
	for (unsigned int i = 0; i < NUM_WRITERS; i++) {
		struct cap_writer *writer = *writer_at(output, i);

		*writer_at(output, i) = NULL;
		if (writer != NULL &&
		    cap_commit(writer, output->error) != CAP_OK) {
			cli_output_discard(output);
			return false;
		}
	}
	return true;
}

static bool write_to(struct cli_output *output, struct cap_writer *writer,
		     const struct cap_record *record)
{
	if (writer == NULL || cap_write(writer, record) == CAP_OK)
		return true;
	strncpy(output->error, cap_writer_error(writer), CAP_ERROR_SIZE - 1);
	output->error[CAP_ERROR_SIZE - 1] = '\0';
	return false;
}

static const struct conf_interface *interface_of(const struct cli_output *out,
						 enum conf_side side)
{
	return side == CONF_INSIDE ? &out->settings->inside
				   : &out->settings->outside;
}

bool cli_output_stimulus(struct cli_output *output,
			 const struct conf_event *event)
{
	struct cap_record record = event->record;
	const struct conf_interface *interface =
		interface_of(output, event->packet.side);

	output->is_ethernet = record.is_ethernet;
	/* What a sniffer saw, if only its destination is missing. */
	if (!record.has_dst_mac && record.cast == CAP_CAST_HOST &&
	    interface->has_mac) {
		record.has_dst_mac = true;
		memcpy(record.dst_mac, interface->mac, 6);
	}
	return write_to(output, output->eye, &record) &&
	       write_to(output, output->wire[record.side], &record);
}

bool cli_output_result(struct cli_output *output,
		       const struct conf_results *results,
		       const struct conf_result *result)
{
	struct cap_record record = {
		.time = result->now,
		.side = (enum cap_side)result->side,
		.dir = CAP_SENT,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = conf_result_data(results, result),
		.len = result->len,
		.wire_len = result->len,
		.is_ethernet = output->is_ethernet && result->has_src_mac,
		.has_dst_mac = output->is_ethernet && result->has_dst_mac,
	};

	memcpy(record.src_mac, result->src_mac, 6);
	memcpy(record.dst_mac, result->dst_mac, 6);
	output->num_no_neighbour += !result->has_dst_mac;
	return write_to(output, output->eye, &record) &&
	       write_to(output, output->wire[record.side], &record);
}
