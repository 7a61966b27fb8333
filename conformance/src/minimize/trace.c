/* SPDX-License-Identifier: Apache-2.0 */
/* trace.c - a list of stimuli in memory */
#include <stdlib.h>
#include <string.h>

#include "conformance/minimize.h"

bool conf_trace_add(struct conf_trace *trace,
		    const struct conf_stimulus *stimulus)
{
	struct conf_stimulus *items;
	uint8_t *data;

	if (trace->num == trace->max) {
		size_t max = trace->max > 0 ? trace->max * 2 : 64;

		items = realloc(trace->items, max * sizeof(*items));
		if (items == NULL)
			return false;
		trace->items = items;
		trace->max = max;
	}
	data = malloc(stimulus->len + 1);
	if (data == NULL)
		return false;
	if (stimulus->len > 0)
		memcpy(data, stimulus->data, stimulus->len);
	trace->items[trace->num] = *stimulus;
	trace->items[trace->num++].data = data;
	return true;
}

void conf_trace_cleanup(struct conf_trace *trace)
{
	for (size_t i = 0; i < trace->num; i++)
		free(trace->items[i].data);
	free(trace->items);
	*trace = (struct conf_trace){.items = NULL};
}

enum cap_status conf_trace_read(struct conf_trace *trace,
				struct conf_stream *stream)
{
	struct conf_event event;
	enum cap_status status;
	bool good = true;

	*trace = (struct conf_trace){.items = NULL};
	while (good && (status = conf_stream_next(stream, &event)) == CAP_OK) {
		struct conf_stimulus s = {
			.number = trace->num,
			.side = event.packet.side,
			.cast = event.packet.cast,
			.now = event.packet.now,
			.len = event.packet.len,
			.has_mac = event.record.is_ethernet,
		};

		if (event.kind != CONF_EVENT_STIMULUS)
			continue;
		s.data = (uint8_t *)(uintptr_t)event.packet.data;
		memcpy(s.mac, event.record.src_mac, 6);
		good = conf_trace_add(trace, &s);
	}
	trace->end = stream->last_time;
	if (!good || status != CAP_END) {
		conf_trace_cleanup(trace);
		return good ? status : CAP_ERR_IO;
	}
	return CAP_OK;
}

struct conf_packet conf_stimulus_packet(const struct conf_stimulus *s)
{
	return (struct conf_packet){
		.side = s->side,
		.cast = s->cast,
		.now = s->now,
		.data = s->data,
		.len = s->len,
		.src_mac = s->has_mac ? s->mac : NULL,
	};
}
