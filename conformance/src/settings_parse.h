/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings_parse.h - one function for each kind of setting
 *
 * Each reads assign->value into assign->out and returns true, or returns
 * false and leaves the settings as they were; then assign->expected may say
 * more than the values column of the table.
 */
#ifndef CONFORMANCE_SETTINGS_PARSE_H
#define CONFORMANCE_SETTINGS_PARSE_H

#include "conformance/settings.h"

struct conf_assign {
	const struct conf_key *key;
	const char *name;  /* the key as written */
	const char *value; /* */
	unsigned int line;
	struct conf_settings *out;
	char expected[128]; /* "" = as the table says */
};

/* Makes the defaults that follow from other settings. */
void conf_settings_complete(struct conf_settings *settings);

bool conf_parse_profile(struct conf_assign *assign);
bool conf_parse_i32(struct conf_assign *assign);
bool conf_parse_u32(struct conf_assign *assign);
bool conf_parse_u16(struct conf_assign *assign);
bool conf_parse_seconds(struct conf_assign *assign);
bool conf_parse_list(struct conf_assign *assign);
bool conf_parse_helper(struct conf_assign *assign);
bool conf_parse_quake(struct conf_assign *assign);
bool conf_parse_portfw(struct conf_assign *assign);
bool conf_parse_neighbour(struct conf_assign *assign);
bool conf_parse_local(struct conf_assign *assign);
bool conf_parse_address(struct conf_assign *assign);
bool conf_parse_gateway(struct conf_assign *assign);
bool conf_parse_mac(struct conf_assign *assign);
bool conf_parse_masq(struct conf_assign *assign);
bool conf_parse_wire(struct conf_assign *assign);
bool conf_parse_quirk(struct conf_assign *assign);

#endif /* CONFORMANCE_SETTINGS_PARSE_H */
