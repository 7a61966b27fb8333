/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c - the settings of a router as what the kernel understands
 *
 * A setting that the kernel has nothing for is refused, not ignored: a case
 * that needs it is then UNIMPLEMENTED. Ignored are those that nothing that
 * leaves the router depends on: uptime, the Ethernet addresses of neighbours,
 * and profile, which says how the reference behaves.
 *
 * The rules are those of a plain masquerading router. The strict ones add
 * what a careful administrator adds: what conntrack calls invalid is
 * dropped instead of leaving untranslated, nothing unsolicited comes in, and
 * the router itself does not answer outside.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/decode.h"
#include "netfilter.h"

#define MIN_MTU 68u
#define MAX_MTU 65521u /* of a TAP device: 65535 less the link header */

/* Text that grows in a buffer of NF_RULES_SIZE. */
struct rules {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct rules *rules,
						      const char *format, ...)
{
	size_t room = NF_RULES_SIZE - rules->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(rules->text + rules->len, room, format, args);
	va_end(args);
	rules->len += n > 0 && (size_t)n < room ? (size_t)n : room - 1;
}

static const char *value_of(const struct conf_config *config, const char *key,
			    unsigned int *out_line)
{
	const char *value = NULL;

	for (size_t i = 0; i < config->num_settings; i++)
		if (strcmp(config->settings[i].key, key) == 0) {
			value = config->settings[i].value;
			*out_line = config->settings[i].line;
		}
	return value;
}

static enum conf_status refuse(const struct conf_config *config,
			       const char *key, unsigned int line,
			       const char *why, char error[CONF_ERROR_SIZE])
{
	char where[200];

	conf_settings_where(config, key, line, where, sizeof(where));
	snprintf(error, CONF_ERROR_SIZE, "%s: %s", where, why);
	return CONF_ERR_UNSUPPORTED;
}

/* Settings that only Linux 2.2 has, unless they say what the kernel does. */
static enum conf_status refuse_foreign(const struct conf_config *config,
				       const struct conf_settings *s,
				       char error[CONF_ERROR_SIZE])
{
	const struct {
		const char *key;
		bool harmless;
		const char *why;
	} rows[] = {
		{"udp-dloose", s->udp_dloose == 0,
		 "conntrack filters UDP by address and port, always"},
		{"always-defrag", s->always_defrag != 0,
		 "conntrack puts fragments together, always"},
		{"max-entries", false,
		 "nf_conntrack_max cannot be set in a namespace"},
		{"next-port", false, "the kernel chooses ports at random"},
		{"ftp.noport", false, "the kernel's FTP helper has no list"},
		{"irc.insecure", s->irc_insecure == 0,
		 "the kernel's IRC helper has no such switch"},
	};
	unsigned int line = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (value_of(config, rows[i].key, &line) != NULL &&
		    !rows[i].harmless)
			return refuse(config, rows[i].key, line, rows[i].why,
				      error);
	for (size_t i = 0; i < config->num_settings; i++)
		if (strncmp(config->settings[i].key, "quirk.", 6) == 0)
			return refuse(config, config->settings[i].key,
				      config->settings[i].line,
				      "the kernel has no quirks to choose",
				      error);
	return CONF_OK;
}

static enum conf_status check_helpers(const struct conf_config *config,
				      const struct conf_settings *s,
				      char error[CONF_ERROR_SIZE])
{
	char key[32];

	for (unsigned int i = 0; i < s->num_loads; i++) {
		enum conf_helper helper = s->loads[i].helper;

		if (helper == CONF_HELPER_FTP || helper == CONF_HELPER_IRC)
			continue;
		snprintf(key, sizeof(key), "helper.%s",
			 conf_helper_names[helper]);
		return refuse(config, key, s->loads[i].line,
			      "the kernel has no such helper", error);
	}
	return CONF_OK;
}

/* Of two forwards of one port the kernel takes the first, always. */
static enum conf_status check_portfw(const struct conf_config *config,
				     const struct conf_settings *s,
				     char error[CONF_ERROR_SIZE])
{
	for (unsigned int i = 0; i < s->num_portfw; i++)
		for (unsigned int k = 0; k < i; k++)
			if (s->portfw[i].proto == s->portfw[k].proto &&
			    s->portfw[i].local_addr ==
				    s->portfw[k].local_addr &&
			    s->portfw[i].local_port == s->portfw[k].local_port)
				return refuse(config, "portfw", 0,
					      "the kernel does not take turns "
					      "between two targets of a port",
					      error);
	return CONF_OK;
}

static void put_helper(struct rules *rules, const struct conf_list *ports,
		       const char *name, uint16_t fallback)
{
	put(rules,
	    "\tchain %s {\n"
	    "\t\ttype filter hook prerouting priority -150;\n"
	    "\t\ttcp dport { ",
	    name);
	for (unsigned int i = 0; i < ports->num_values; i++)
		put(rules, "%s%u", i > 0 ? ", " : "", ports->values[i]);
	if (ports->num_values == 0)
		put(rules, "%u", fallback);
	put(rules, " } ct helper set \"helper-%s\"\n\t}\n", name);
}

static void put_helpers(struct rules *rules, const struct conf_settings *s)
{
	for (unsigned int i = 0; i < s->num_loads; i++) {
		enum conf_helper helper = s->loads[i].helper;
		const char *name = conf_helper_names[helper];

		put(rules,
		    "\tct helper helper-%s {\n"
		    "\t\ttype \"%s\" protocol tcp;\n\t}\n",
		    name, name);
		put_helper(rules, &s->loads[i].ports, name,
			   helper == CONF_HELPER_FTP ? 21 : 6667);
	}
	if (s->ftp_in_ports.num_values == 0)
		return;
	/* A server inside: the same helper, towards the forwarded port. */
	put(rules, "\tct helper helper-ftpd {\n"
		   "\t\ttype \"ftp\" protocol tcp;\n\t}\n");
	put_helper(rules, &s->ftp_in_ports, "ftpd", 21);
}

static void put_portfw(struct rules *rules, const struct conf_settings *s)
{
	char local[CONF_ADDR_SIZE], real[CONF_ADDR_SIZE];

	if (s->num_portfw == 0)
		return;
	put(rules, "\tchain incoming {\n"
		   "\t\ttype nat hook prerouting priority -100;\n");
	for (unsigned int i = 0; i < s->num_portfw; i++) {
		const struct conf_portfw *p = &s->portfw[i];

		put(rules, "\t\tip daddr %s %s dport %u dnat to %s:%u\n",
		    conf_addr_text(local, p->local_addr),
		    p->proto == 6 ? "tcp" : "udp", p->local_port,
		    conf_addr_text(real, p->real_addr), p->real_port);
	}
	put(rules, "\t}\n");
}

static void put_masquerade(struct rules *rules, const struct conf_settings *s)
{
	char addr[CONF_ADDR_SIZE];

	put(rules, "\tchain outgoing {\n"
		   "\t\ttype nat hook postrouting priority 100;\n");
	for (unsigned int i = 0; i < s->num_sources; i++) {
		const struct conf_net *net = &s->sources[i];

		put(rules, "\t\toifname \"" NF_OUTSIDE_NAME "\"");
		if (net->len > 0)
			put(rules, " ip saddr %s/%u",
			    conf_addr_text(addr, net->addr), net->len);
		if (s->dest.len > 0)
			put(rules, " ip daddr %s/%u",
			    conf_addr_text(addr, s->dest.addr), s->dest.len);
		put(rules, " masquerade\n");
	}
	put(rules, "\t}\n");
}

static void put_filter(struct rules *rules, bool strict, bool swallow,
		       bool answer)
{
	if (swallow)
		put(rules, "\tchain input {\n"
			   "\t\ttype filter hook input priority 0; "
			   "policy drop;\n\t}\n");
	else if (strict && !answer)
		put(rules, "\tchain input {\n"
			   "\t\ttype filter hook input priority 0; "
			   "policy drop;\n"
			   "\t\tct state established,related accept\n"
			   "\t\tct state invalid drop\n"
			   "\t\tiifname \"" NF_INSIDE_NAME "\" accept\n\t}\n");
	if (strict)
		put(rules, "\tchain forward {\n"
			   "\t\ttype filter hook forward priority 0; "
			   "policy drop;\n"
			   "\t\tct state invalid drop\n"
			   "\t\tct state established,related accept\n"
			   "\t\tct status dnat accept\n"
			   "\t\tiifname \"" NF_INSIDE_NAME "\" accept\n\t}\n");
}

static void set_device(struct nf_device *device,
		       const struct conf_interface *interface, uint8_t last)
{
	const uint8_t usual[6] = {2, 0, 0, 0, 0, last};

	device->addr = interface->addr;
	device->len = interface->len;
	device->mtu = interface->mtu;
	memcpy(device->mac, interface->has_mac ? interface->mac : usual, 6);
}

static enum conf_status check_devices(const struct nf_plan *plan,
				      const struct conf_config *config,
				      char error[CONF_ERROR_SIZE])
{
	static const char *const keys[][2] = {
		[NF_IN] = {"mtu.inside", "inside.mac"},
		[NF_OUT] = {"mtu.outside", "outside.mac"},
	};
	unsigned int line = 0;

	for (unsigned int i = 0; i < NF_NUM_SIDES; i++) {
		const struct nf_device *device = &plan->device[i];

		(void)value_of(config, keys[i][0], &line);
		if (device->mtu < MIN_MTU || device->mtu > MAX_MTU)
			return refuse(config, keys[i][0], line,
				      "a TAP device has an MTU of 68 to 65521",
				      error);
		(void)value_of(config, keys[i][1], &line);
		if ((device->mac[0] & 1) != 0)
			return refuse(config, keys[i][1], line,
				      "a device has no group address", error);
	}
	return CONF_OK;
}

/*
 * A net on both sides is one that the kernel has two routes to: it takes the
 * first, so that nothing gets past the other.
 */
static enum conf_status check_nets(const struct nf_plan *plan,
				   const struct conf_config *config,
				   char error[CONF_ERROR_SIZE])
{
	const struct nf_device *in = &plan->device[NF_IN];
	const struct nf_device *out = &plan->device[NF_OUT];
	unsigned int len = in->len < out->len ? in->len : out->len;
	unsigned int line = 0;

	if ((in->addr ^ out->addr) >> (32 - len) != 0)
		return CONF_OK;
	if (value_of(config, "outside.address", &line) != NULL)
		return refuse(config, "outside.address", line,
			      "the kernel routes a net to one side, and this "
			      "one overlaps the inside net",
			      error);
	(void)value_of(config, "inside.address", &line);
	return refuse(config, "inside.address", line,
		      "the kernel routes a net to one side, and this one "
		      "overlaps the outside net",
		      error);
}

/* What may stand behind "netfilter:", with commas. */
struct wishes {
	bool strict;
	bool tftp, sip; /* helpers that no setting asks for */
};

static enum conf_status read_argument(const struct conf_config *config,
				      struct wishes *out,
				      char error[CONF_ERROR_SIZE])
{
	const char *at = config->argument != NULL ? config->argument : "";

	*out = (struct wishes){.strict = false};
	while (*at != '\0') {
		size_t len = strcspn(at, ",");

		if (len == 6 && memcmp(at, "strict", len) == 0)
			out->strict = true;
		else if (len == 4 && memcmp(at, "tftp", len) == 0)
			out->tftp = true;
		else if (len == 3 && memcmp(at, "sip", len) == 0)
			out->sip = true;
		else {
			snprintf(error, CONF_ERROR_SIZE,
				 "netfilter: read \"%.60s\", expected strict, "
				 "tftp, sip or nothing",
				 at);
			return CONF_ERR_CONFIG;
		}
		at += len + (at[len] == ',');
	}
	return CONF_OK;
}

/* Helpers for UDP, on their well-known ports. */
static void put_extras(struct rules *rules, const struct wishes *wishes)
{
	const struct {
		bool wanted;
		const char *name;
		unsigned int port;
	} rows[] = {{wishes->tftp, "tftp", 69}, {wishes->sip, "sip", 5060}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].wanted)
			put(rules,
			    "\tct helper helper-%s {\n"
			    "\t\ttype \"%s\" protocol udp;\n\t}\n"
			    "\tchain %s {\n"
			    "\t\ttype filter hook prerouting priority -150;\n"
			    "\t\tudp dport %u ct helper set "
			    "\"helper-%s\"\n\t}\n",
			    rows[i].name, rows[i].name, rows[i].name,
			    rows[i].port, rows[i].name);
}

static void write_rules(struct nf_plan *plan, const struct conf_config *config,
			const struct conf_settings *s,
			const struct wishes *wishes)
{
	struct rules rules = {.text = plan->rules};
	unsigned int line;
	bool local = value_of(config, "local", &line) != NULL;

	put(&rules, "table ip masqcheck {\n");
	put_helpers(&rules, s);
	put_extras(&rules, wishes);
	put_portfw(&rules, s);
	put_masquerade(&rules, s);
	put_filter(&rules, wishes->strict, local && !s->local_answer,
		   local && s->local_answer);
	put(&rules, "}\n");
}

enum conf_status nf_plan_make(struct nf_plan *plan,
			      const struct conf_config *config,
			      char error[CONF_ERROR_SIZE])
{
	struct conf_settings s;
	enum conf_status status;
	struct wishes wishes;

	*plan = (struct nf_plan){.timeout_tcp = 0};
	status = read_argument(config, &wishes, error);
	if (status == CONF_OK)
		status = conf_settings_read(&s, config, error);
	if (status == CONF_OK)
		status = refuse_foreign(config, &s, error);
	if (status == CONF_OK)
		status = check_helpers(config, &s, error);
	if (status == CONF_OK)
		status = check_portfw(config, &s, error);
	if (status != CONF_OK)
		return status;
	set_device(&plan->device[NF_IN], &s.inside, 1);
	set_device(&plan->device[NF_OUT], &s.outside, 2);
	plan->timeout_tcp = s.timeout_tcp;
	plan->timeout_tcp_fin = s.timeout_tcp_fin;
	plan->timeout_udp = s.timeout_udp;
	write_rules(plan, config, &s, &wishes);
	status = check_nets(plan, config, error);
	return status == CONF_OK ? check_devices(plan, config, error) : status;
}
