/* SPDX-License-Identifier: Apache-2.0 */
/* What --help says, made from the tables. */
#include "cli/help.h"

/* Columns. */
enum {
	COMMAND_HELP = 16,
	OPTION_HELP = 30,
	RIGHT = 79
};

/* Words of ${text} up to RIGHT; lines after the first begin at ${indent}. */
static void wrap(FILE *file, const char *text, size_t column, size_t indent)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		if (column > indent && column + 1 + n > RIGHT) {
			fprintf(file, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', file);
			column++;
		}
		fwrite(text, 1, n, file);
		column += n;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', file);
}

/* ${left} has ${n} columns already; go to ${column}, on a new line maybe. */
static void pad(FILE *file, size_t n, size_t column)
{
	if (n + 2 > column)
		fprintf(file, "\n%*s", (int)column, "");
	else
		fprintf(file, "%*s", (int)(column - n), "");
}

static void show_exit_status(FILE *file)
{
	fputs("\nExit status: 0 all was scanned and nothing found, 1 secrets "
	      "found, 2 it could\nnot be done, 3 nothing found, but something "
	      "could not be scanned.\n",
		file);
}

static void show_commands(FILE *file, const char *name)
{
	size_t count;
	const struct ks_command *table = ks_command_table(&count);

	for (size_t i = 0; i < count; i++) {
		int n;

		if (name && strcmp(table[i].name, name) != 0)
			continue;
		n = fprintf(file, "  %s%s%s", table[i].name,
			table[i].verb ? " " : "",
			table[i].verb ? table[i].verb : "");
		pad(file, n > 0 ? (size_t)n : 0, COMMAND_HELP);
		wrap(file, table[i].summary, COMMAND_HELP, COMMAND_HELP);
	}
}

void ks_help_all(FILE *file)
{
	fputs("keysieve finds credentials in git repositories and files.\n\n"
	      "Usage: keysieve COMMAND [OPTION]...\n\n"
	      "Commands:\n",
		file);
	show_commands(file, NULL);
	fputs("\n'keysieve COMMAND --help' shows the options of a command.\n",
		file);
	show_exit_status(file);
}

void ks_help_name(FILE *file, const char *name)
{
	fprintf(file, "Usage: keysieve %s COMMAND [OPTION]...\n\nCommands:\n",
		name);
	show_commands(file, name);
}

static void show_option(FILE *file, const struct ks_option *option)
{
	int n;

	if (option->letter)
		n = fprintf(file, "  -%c, --%s", option->letter, option->name);
	else
		n = fprintf(file, "      --%s", option->name);
	if (option->argument)
		n += fprintf(file, " %s", option->argument);
	pad(file, n > 0 ? (size_t)n : 0, OPTION_HELP);
	wrap(file, option->help, OPTION_HELP, OPTION_HELP);
}

void ks_help_command(FILE *file, const struct ks_command *command)
{
	const struct ks_option_group *const *groups = command->groups;
	bool does_scan = false;

	fprintf(file, "Usage: keysieve %s%s%s [OPTION]...%s%s\n\n",
		command->name, command->verb ? " " : "",
		command->verb ? command->verb : "",
		command->operands[0] ? " " : "", command->operands);
	wrap(file, command->about, 0, 0);
	for (; *groups; groups++) {
		fprintf(file, "\n%s:\n", (*groups)->title);
		for (size_t i = 0; i < (*groups)->count; i++)
			show_option(file, &(*groups)->list[i]);
		does_scan |= *groups == &ks_settings_report;
	}
	if (does_scan)
		show_exit_status(file);
}
