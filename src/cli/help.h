/* SPDX-License-Identifier: Apache-2.0 */
/* What --help says, made from the tables. */
#ifndef KS_CLI_HELP_H
#define KS_CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

/* The commands, in a line each. */
void ks_help_all(FILE *file);

/* The commands that begin with ${name}. */
void ks_help_name(FILE *file, const char *name);

/* One command: usage, what it does, its options. */
void ks_help_command(FILE *file, const struct ks_command *command);

#endif
