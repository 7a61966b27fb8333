/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_help.c - masqcheck help: commands, and what tables say */
#define _GNU_SOURCE /* argp */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cli.h"
#include "conformance/compare.h"
#include "conformance/equivalence.h"
#include "conformance/settings.h"
#include "help.h"

void cli_help_config(FILE *stream)
{
	fputs("Settings: lines \"key = value\" in NAME.conf beside NAME.pcap, "
	      "or --set key=value.\nLater ones win.\n",
	      stream);
	for (size_t i = 0; i < conf_num_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		size_t len = strlen(key->name);
		bool is_prefix = key->name[len - 1] == '.';

		fprintf(stream, "\n%s%s\n", key->name, is_prefix ? "NAME" : "");
		fprintf(stream, "    %s\n", key->help);
		if (key->max > key->min)
			fprintf(stream, "    value: %s, %lld..%lld\n",
				key->values, (long long)key->min,
				(long long)key->max);
		else
			fprintf(stream, "    value: %s\n", key->values);
		fprintf(stream, "    default: %s\n", key->fallback);
	}
}

static void help_quirks(FILE *stream)
{
	fputs("Quirks: what Linux 2.2 does and no NAT should. Profile "
	      "linux-2.2 has all of them,\nlinux-2.2-fixed none; "
	      "\"quirk.NAME = on\" or \"off\" sets one.\n\n",
	      stream);
	for (unsigned int i = 0; i < conf_num_quirks(); i++) {
		const struct masq_quirk *quirk = conf_quirk_at(i);

		fprintf(stream, "%-16s %s (%s)\n", quirk->name, quirk->what,
			quirk->rule);
	}
}

static void help_unpredictable(FILE *stream)
{
	fputs("Fields that diff --exact leaves out, unless --strict-ids is "
	      "given:\n",
	      stream);
	for (size_t i = 0; i < conf_num_unpredictable; i++)
		fprintf(stream, "\n%s (%s)\n    in:      %s\n    because: %s\n",
			conf_unpredictable[i].field, conf_unpredictable[i].rule,
			conf_unpredictable[i].what,
			conf_unpredictable[i].reason);
}

static void help_classes(FILE *stream)
{
	fputs("Classes of differences, as diff names them and a --waive file "
	      "takes them:\n\n",
	      stream);
	for (size_t i = 0; i < conf_num_classes; i++)
		fprintf(stream, "%-24s %s%s%s%s\n", conf_classes[i].name,
			conf_classes[i].help,
			conf_classes[i].clause != NULL ? " (" : "",
			conf_classes[i].clause != NULL ? conf_classes[i].clause
						       : "",
			conf_classes[i].clause != NULL ? ")" : "");
	fprintf(stream, "%-24s %s\n", "field:NAME",
		"a field of a result, as \"masqcheck diff\" names it: "
		"field:ip.ttl");
	fputs("\nA class may be followed by a kind of packet, WHERE-WHAT, as in "
	      "extra-packet:own-reset:\n\n",
	      stream);
	for (size_t i = 0; i < conf_num_kind_words; i++)
		fprintf(stream, "%-24s %s\n", conf_kind_words[i].word,
			conf_kind_words[i].help);
}

static const struct topic {
	const char *name;
	void (*print)(FILE *stream);
	const char *help;
} topics[] = {
	{"classes", help_classes, "what diff calls a difference"},
	{"config", cli_help_config, "the settings of the router"},
	{"engines", cli_help_engines, "what --engine may name"},
	{"invariants", cli_help_invariants, "what --check watches"},
	{"quirks", help_quirks, "the quirks of Linux 2.2"},
	{"sabotage", cli_help_sabotage, "the faults of sabotage:FAULT"},
	{"unpredictable", help_unpredictable, "what diff --exact leaves out"},
};

static const struct argp argp = {
	.args_doc = "[COMMAND|TOPIC]",
	.doc = "Explain a command or a topic.\v"
	       "Topics: classes (of differences), config (the settings), "
	       "engines, invariants (what --check watches), quirks, sabotage, "
	       "unpredictable (what diff --exact leaves out).",
};

static void list_all(void)
{
	puts("Commands:");
	for (size_t i = 0; i < cli_num_commands; i++)
		printf("  %-14s %s\n", cli_commands[i].name,
		       cli_commands[i].help);
	puts("\nTopics:");
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		printf("  %-14s %s\n", topics[i].name, topics[i].help);
	puts("\n\"masqcheck help NAME\" explains one.");
}

int cmd_help(int argc, char **argv)
{
	const struct cli_command *command;
	const char *name = argc > 1 ? argv[1] : NULL;
	char command_name[64], flag[] = "--help";
	char *child_argv[] = {command_name, flag, NULL};

	if (name == NULL) {
		list_all();
		return CLI_OK;
	}
	if (name[0] == '-' || argc > 2) {
		cli_parse(&argp, argc, argv, NULL);
		return CLI_USAGE;
	}
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (strcmp(topics[i].name, name) == 0) {
			topics[i].print(stdout);
			return CLI_OK;
		}
	command = cli_find(name);
	if (command == NULL) {
		cli_error("there is no command or topic \"%s\"; \"masqcheck "
			  "help\" lists them",
			  name);
		return CLI_USAGE;
	}
	snprintf(command_name, sizeof(command_name), "masqcheck %s", name);
	return command->run(2, child_argv);
}
