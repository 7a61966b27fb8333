/* SPDX-License-Identifier: Apache-2.0 */
/* ref_config.c - from settings to the configuration of a reference engine */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ref.h"

_Static_assert(CONF_MAX_SOURCES <= MASQ_MAX_SOURCES, "rule");
_Static_assert(CONF_MAX_PORTFW <= MASQ_MAX_PORTFW, "portfw");
_Static_assert(CONF_MAX_NEIGHBOURS <= MASQ_MAX_NEIGHBOURS, "neighbours");
_Static_assert((int)CONF_INSIDE == (int)MASQ_INSIDE &&
		       (int)CONF_OUTSIDE == (int)MASQ_OUTSIDE,
	       "sides");
_Static_assert((int)CONF_CAST_BROADCAST == (int)MASQ_CAST_BROADCAST &&
		       (int)CONF_CAST_MULTICAST == (int)MASQ_CAST_MULTICAST &&
		       (int)CONF_CAST_OTHER == (int)MASQ_CAST_OTHER,
	       "casts");

static void set_interface(struct masq_interface *out,
			  const struct conf_interface *in)
{
	out->addr = in->addr;
	out->len = in->len;
	out->mtu = in->mtu;
	if (in->has_mac)
		memcpy(out->mac, in->mac, 6);
}

static struct masq_net net_of(struct conf_net net)
{
	return (struct masq_net){.addr = net.addr, .len = net.len};
}

static void set_lists(struct masq_config *out, const struct conf_settings *in)
{
	out->rule.num_sources = in->num_sources;
	for (unsigned int i = 0; i < in->num_sources; i++)
		out->rule.source[i] = net_of(in->sources[i]);
	out->rule.dest = net_of(in->dest);

	out->num_portfw = in->num_portfw;
	for (unsigned int i = 0; i < in->num_portfw; i++)
		out->portfw[i] = (struct masq_portfw){
			.proto = in->portfw[i].proto,
			.local_addr = in->portfw[i].local_addr,
			.local_port = in->portfw[i].local_port,
			.real_addr = in->portfw[i].real_addr,
			.real_port = in->portfw[i].real_port,
			.preference = in->portfw[i].preference,
		};

	out->num_neighbours = in->num_neighbours;
	for (unsigned int i = 0; i < in->num_neighbours; i++) {
		out->neighbours[i].addr = in->neighbours[i].addr;
		memcpy(out->neighbours[i].mac, in->neighbours[i].mac, 6);
	}
}

static void set_all(struct masq_config *out, const struct conf_settings *in)
{
	masq_config_init(out);
	set_interface(&out->inside, &in->inside);
	set_interface(&out->outside, &in->outside);
	out->gateway = in->gateway;
	out->quirks = conf_settings_quirks(in);
	out->udp_dloose = in->udp_dloose;
	out->always_defrag = in->always_defrag;
	out->timeout_tcp = in->timeout_tcp;
	out->timeout_tcp_fin = in->timeout_tcp_fin;
	out->timeout_udp = in->timeout_udp;
	out->uptime = in->uptime;
	out->next_port = in->next_port;
	out->local_answer = in->local_answer;
	if (in->max_entries > 0)
		out->max_entries = in->max_entries;
	set_lists(out, in);
}

void conf_ref_refuse_helper(const struct conf_config *config,
			    const struct conf_load *load, const char *what,
			    char error[CONF_ERROR_SIZE])
{
	const char *name = conf_helper_names[load->helper];
	char key[32], where[256];

	snprintf(key, sizeof(key), "helper.%s", name);
	conf_settings_where(config, key, load->line, where, sizeof(where));
	snprintf(error, CONF_ERROR_SIZE, "%s: helper %s %s", where, name, what);
}

enum conf_status conf_ref_configure(struct masq_config *out,
				    const struct conf_config *config,
				    void **out_options,
				    char error[CONF_ERROR_SIZE])
{
	struct conf_settings *settings = malloc(sizeof(*settings));
	enum conf_status status = CONF_ERR_ENGINE;

	*out_options = NULL;
	if (settings == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for settings");
		return status;
	}
	status = conf_settings_read(settings, config, error);
	if (status == CONF_OK && config->argument != NULL &&
	    !conf_profile_find(config->argument, &settings->profile)) {
		status = CONF_ERR_CONFIG;
		snprintf(error, CONF_ERROR_SIZE,
			 "ref:%.80s: there is no such profile; there are "
			 "linux-2.2, linux-2.2-fixed",
			 config->argument);
	}
	if (status == CONF_OK) {
		set_all(out, settings);
		status = conf_ref_bind_helpers(out, settings, config,
					       out_options, error);
	}
	free(settings);
	return status;
}
