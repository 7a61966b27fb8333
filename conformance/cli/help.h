/* SPDX-License-Identifier: Apache-2.0 */
/* help.h - help that is made from tables */
#ifndef MASQCHECK_HELP_H
#define MASQCHECK_HELP_H

#include <stdio.h>

void cli_help_config(FILE *stream);
void cli_help_engines(FILE *stream);
void cli_help_sabotage(FILE *stream);

#endif /* MASQCHECK_HELP_H */
