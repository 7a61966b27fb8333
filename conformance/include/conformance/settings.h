/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h - the settings of a router, read from keys and values
 *
 * One table, conf_keys, holds every key that a sidecar or --set may name,
 * with its range, its default and a line of help; reading, errors and
 * "masqcheck help config" are made from it. Addresses and ports are host
 * order numbers.
 */
#ifndef CONFORMANCE_SETTINGS_H
#define CONFORMANCE_SETTINGS_H

#include "conformance/engine.h"
#include "masq/quirk.h"

/* Room for the text of an error: one line without the newline. */
#define CONF_ERROR_SIZE 512

#define CONF_MAX_SOURCES    8
#define CONF_MAX_PORTFW     64
#define CONF_MAX_NEIGHBOURS 64
#define CONF_MAX_LIST       12 /* slots of a module parameter (GEN-01) */

enum conf_profile {
	CONF_PROFILE_LINUX22 = 0,   /* linux-2.2: all quirks */
	CONF_PROFILE_LINUX22_FIXED, /* linux-2.2-fixed: no quirks */
	CONF_NUM_PROFILES
};
extern const char *const conf_profile_names[CONF_NUM_PROFILES];

enum conf_helper {
	CONF_HELPER_FTP = 0,
	CONF_HELPER_IRC,
	CONF_HELPER_QUAKE,
	CONF_HELPER_RAUDIO,
	CONF_HELPER_VDOLIVE,
	CONF_HELPER_CUSEEME,
	CONF_NUM_HELPERS
};
extern const char *const conf_helper_names[CONF_NUM_HELPERS];

struct conf_net {
	uint32_t addr;
	uint8_t len; /* prefix length, 0..32 */
};

struct conf_interface {
	uint32_t addr;
	uint8_t len;      /* prefix length of the attached network */
	uint16_t mtu;     /* octets */
	uint32_t ifindex; /* in captures; 0 = 1 inside, 2 outside */
	bool has_mac;     /* mac was set */
	uint8_t mac[6];
};

/* A list of numbers as a module parameter takes it. */
struct conf_list {
	uint16_t values[CONF_MAX_LIST];
	unsigned int num_values; /* 0 = not given */
};

/* A helper that is to be loaded. */
struct conf_load {
	enum conf_helper helper;
	struct conf_list ports; /* num_values 0 = the helper's default */
	unsigned int line;      /* of the setting; 0 = not from a file */
};

struct conf_portfw {
	uint8_t proto; /* 6 or 17 */
	uint32_t local_addr;
	uint16_t local_port;
	uint32_t real_addr;
	uint16_t real_port;
	uint32_t preference; /* > 0 */
};

struct conf_neighbour {
	uint32_t addr;
	uint8_t mac[6];
};

struct conf_settings {
	enum conf_profile profile;
	uint64_t quirks_on;  /* MASQ_QUIRK() bits set one by one */
	uint64_t quirks_off; /* and unset; they win over the profile */

	struct conf_interface inside;
	struct conf_interface outside;
	enum conf_side wire; /* of a capture of one interface; NONE: inside */
	uint64_t lag;        /* ns that a result may be recorded late */
	uint32_t gateway;    /* 0 = every address is on-link outside */
	bool has_gateway;    /* it was set; else it follows outside */
	struct conf_net sources[CONF_MAX_SOURCES];
	unsigned int num_sources;
	struct conf_net dest;
	bool has_masq; /* sources were set; else they follow inside */

	int32_t udp_dloose;
	int32_t always_defrag;
	uint32_t timeout_tcp;     /* s; 0 = default */
	uint32_t timeout_tcp_fin; /* s; 0 = default */
	uint32_t timeout_udp;     /* s; 0 = default */
	uint64_t uptime;          /* ns at the first packet */
	uint16_t next_port;       /* 61000..65095; of the first mapping */
	uint32_t max_entries;     /* 0 = the engine's default */
	bool local_answer;

	struct conf_portfw portfw[CONF_MAX_PORTFW];
	unsigned int num_portfw;
	struct conf_neighbour neighbours[CONF_MAX_NEIGHBOURS];
	unsigned int num_neighbours;

	struct conf_load loads[CONF_NUM_HELPERS]; /* in order of loading */
	unsigned int num_loads;
	struct conf_list ftp_in_ports;
	struct conf_list ftp_noport;
	int32_t irc_insecure;
};

/* A row of the table. */
struct conf_assign;
struct conf_key {
	const char *name;     /* "NAME." = any name of a list behind it */
	const char *values;   /* what may be assigned */
	const char *fallback; /* the default, as text */
	const char *help;     /* one line */
	bool (*parse)(struct conf_assign *assign);
	size_t offset;      /* of the field, where parse needs it */
	int64_t min, max;   /* of a number */
	unsigned int index; /* which helper */
};
extern const struct conf_key conf_keys[];
extern const size_t conf_num_keys;

/* The defaults: what no setting says. */
void conf_settings_init(struct conf_settings *settings);

/*
 * conf_settings_read() sets the defaults and then what config says, in
 * order: a later value replaces an earlier one, portfw and neighbour add up.
 * On CONF_ERR_CONFIG error says file, line, key, what was read and what
 * was expected.
 */
enum conf_status conf_settings_read(struct conf_settings *settings,
				    const struct conf_config *config,
				    char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* Looks a profile up by name; false if there is none. */
bool conf_profile_find(const char *name, enum conf_profile *out_profile);

/* All named quirks, the engine's and then the helpers': 0..num - 1. */
unsigned int conf_num_quirks(void);
const struct masq_quirk *conf_quirk_at(unsigned int index);
uint64_t conf_quirk_bit(unsigned int index);

/* The quirk bits that the settings add up to. */
uint64_t conf_settings_quirks(const struct conf_settings *settings);

/* "file:line: key" or "--set: key": the beginning of an error. */
void conf_settings_where(const struct conf_config *config, const char *key,
			 unsigned int line, char *out, size_t size);

#endif /* CONFORMANCE_SETTINGS_H */
