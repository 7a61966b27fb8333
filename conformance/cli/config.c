/* SPDX-License-Identifier: Apache-2.0 */
/* config.c - the options that say how the router was configured */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "values.h"

enum {
	OPT_SET = 's',
	OPT_CONFIG = 'c',
	OPT_INSIDE_IF = 0x100,
	OPT_OUTSIDE_IF,
	OPT_WIRE,
	OPT_COLOR,
	OPT_TIMEOUT,
};

static const struct argp_option options[] = {
	{.name = NULL, .doc = "The router:", .group = 1},
	{.name = "config",
	 .key = OPT_CONFIG,
	 .arg = "FILE",
	 .doc = "Read the router's settings from FILE, not from the NAME.conf "
		"beside NAME.pcap"},
	{.name = "set",
	 .key = OPT_SET,
	 .arg = "KEY=VALUE",
	 .doc = "One setting; wins over the file. May be repeated; "
		"\"masqcheck help config\" lists the keys"},
	{.name = "inside-if",
	 .key = OPT_INSIDE_IF,
	 .arg = "N",
	 .doc = "Interface index of the inside in the capture: "
		"--set inside.if=N"},
	{.name = "outside-if",
	 .key = OPT_OUTSIDE_IF,
	 .arg = "N",
	 .doc = "The same of the outside: --set outside.if=N"},
	{.name = "wire",
	 .key = OPT_WIRE,
	 .arg = "SIDE",
	 .doc = "A capture without interfaces was taken on the inside or "
		"outside wire: --set wire=SIDE"},
	{.name = "timeout",
	 .key = OPT_TIMEOUT,
	 .arg = "SECONDS",
	 .doc = "An engine in a process of its own that needs longer for a "
		"packet hangs, default 10"},
	{.name = NULL, .doc = "Output:", .group = 2},
	{.name = "color",
	 .key = OPT_COLOR,
	 .arg = "WHEN",
	 .doc = "Colours: auto (on a terminal, unless NO_COLOR is set), "
		"always or never"},
	{0},
};

/* Takes key=value, where the option stands for the key. */
static void add_set(struct argp_state *state, struct cli_config *config,
		    const char *key, const char *value)
{
	char error[CAP_ERROR_SIZE];
	size_t size = strlen(key) + strlen(value) + 2;
	char *text = malloc(size);

	if (text == NULL) {
		argp_failure(state, CLI_BROKEN, 0, "no memory for a setting");
		return;
	}
	snprintf(text, size, "%s%s%s", key, key[0] != '\0' ? "=" : "", value);
	if (cap_sidecar_set(&config->sets, text, error) != CAP_OK)
		argp_error(state, "%s", error);
	free(text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cli_config *config = state->input;
	int64_t seconds;

	switch (key) {
	case OPT_CONFIG:
		config->path = arg;
		break;
	case OPT_SET:
		add_set(state, config, "", arg);
		break;
	case OPT_INSIDE_IF:
		add_set(state, config, "inside.if", arg);
		break;
	case OPT_OUTSIDE_IF:
		add_set(state, config, "outside.if", arg);
		break;
	case OPT_WIRE:
		add_set(state, config, "wire", arg);
		break;
	case OPT_TIMEOUT:
		if (conf_read_number(conf_text_of(arg), 1, 86400, &seconds))
			config->timeout = (uint32_t)seconds * 1000;
		else
			argp_error(state,
				   "--timeout: read \"%s\", expected 1..86400",
				   arg);
		break;
	case OPT_COLOR:
		if (!rep_when_parse(arg, &config->color))
			argp_error(state,
				   "--color: read \"%s\", expected auto, "
				   "always or never",
				   arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp cli_config_argp = {.options = options, .parser = parse};

void cli_config_init(struct cli_config *config)
{
	*config = (struct cli_config){.path = NULL};
	cap_sidecar_init(&config->sets);
	cap_sidecar_init(&config->learnt);
	cap_sidecar_init(&config->file);
	conf_settings_init(&config->settings);
}

void cli_config_cleanup(struct cli_config *config)
{
	cap_sidecar_cleanup(&config->sets);
	cap_sidecar_cleanup(&config->learnt);
	cap_sidecar_cleanup(&config->file);
	free(config->all);
	config->all = NULL;
}

/* The file of settings that applies; *out is NULL if there is none. */
static enum cli_exit find_file(const struct cli_config *config,
			       const char *capture_path, char **out)
{
	const char *given = config->path;
	char *name;

	*out = NULL;
	if (given == NULL &&
	    (capture_path == NULL || strcmp(capture_path, "-") == 0))
		return CLI_OK;
	if (given != NULL)
		name = strdup(given);
	else
		name = cap_sidecar_name(capture_path);
	if (name == NULL) {
		cli_error("no memory for a file name");
		return CLI_BROKEN;
	}
	/* A missing sidecar means the default topology. */
	if (given == NULL && access(name, F_OK) != 0) {
		free(name);
		return CLI_OK;
	}
	*out = name;
	return CLI_OK;
}

static enum cli_exit read_file(struct cli_config *config,
			       const char *capture_path)
{
	char error[CAP_ERROR_SIZE];
	enum cap_status status;
	enum cli_exit code;
	char *name;

	cap_sidecar_cleanup(&config->file);
	cap_sidecar_init(&config->file);
	code = find_file(config, capture_path, &name);
	if (code != CLI_OK || name == NULL)
		return code;
	status = cap_sidecar_read(&config->file, name, error);
	free(name);
	if (status == CAP_OK)
		return CLI_OK;
	cli_error("%s", error);
	return CLI_BROKEN;
}

static void append(struct cli_config *config, const struct cap_sidecar *from)
{
	for (size_t i = 0; i < from->num_settings; i++)
		config->all[config->config.num_settings++] =
			(struct conf_setting){
				.key = from->settings[i].key,
				.value = from->settings[i].value,
				.line = from->settings[i].line,
			};
}

enum cli_exit cli_config_exit(const struct cli_config *config,
			      enum conf_status status, const char *error)
{
	const char *path = config->file.path;

	if (status != CONF_ERR_CONFIG)
		return CLI_BROKEN;
	if (path != NULL && strncmp(error, path, strlen(path)) == 0)
		return CLI_BROKEN;
	return CLI_USAGE;
}

enum cli_exit cli_config_load(struct cli_config *config,
			      const char *capture_path)
{
	char error[CONF_ERROR_SIZE];
	enum cli_exit code = read_file(config, capture_path);
	size_t num;

	if (code != CLI_OK)
		return code;
	num = config->learnt.num_settings + config->file.num_settings +
	      config->sets.num_settings;
	free(config->all);
	config->all = calloc(num + 1, sizeof(*config->all));
	if (config->all == NULL) {
		cli_error("no memory for settings");
		return CLI_BROKEN;
	}
	config->config = (struct conf_config){
		.settings = config->all,
		.timeout = config->timeout,
		.origin = config->file.path,
	};
	append(config, &config->learnt);
	append(config, &config->file);
	append(config, &config->sets);
	if (conf_settings_read(&config->settings, &config->config, error) ==
	    CONF_OK)
		return CLI_OK;
	cli_error("%s", error);
	return cli_config_exit(config, CONF_ERR_CONFIG, error);
}
