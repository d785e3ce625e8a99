/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve help. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/print.h"
#include "cli/say.h"

static void write_all(FILE *file, const void *payload)
{
	(void)payload;
	ks_help_all(file);
}

static void write_name(FILE *file, const void *payload)
{
	ks_help_name(file, payload);
}

static void write_command(FILE *file, const void *payload)
{
	ks_help_command(file, payload);
}

int ks_cmd_help(const struct ks_settings *settings)
{
	const char *const *words = settings->operands;
	size_t count = settings->operand_count;
	const struct ks_command *command;
	struct ks_err err = { 0 };
	size_t used = 0;

	if (count == 0)
		return ks_print(write_all, NULL);
	command = ks_command_find(words, count, &used, &err);
	if (command && used == count)
		return ks_print(write_command, command);
	if (count == 1 && ks_command_is_name(words[0]))
		return ks_print(write_name, words[0]);
	if (command)
		ks_say("'%s' is one word too many; see 'keysieve help'",
			words[used]);
	else
		ks_say("%s; see 'keysieve help'", err.message);
	return KS_EXIT_FAILED;
}
