/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve manual: the manual page, in mdoc(7), made from the tables. */
#include "cli/command.h"
#include "cli/print.h"

#include <ctype.h>

enum {
	GROUPS_MAX = 64, /* of options; there are far fewer */
	LINE = 54        /* where a line is broken at the next blank */
};

static const char head[] =
	".\\\" SPDX-License-Identifier: Apache-2.0\n"
	".Dd November 23, 2026\n"
	".Dt KEYSIEVE 1\n"
	".Os\n"
	".Sh NAME\n"
	".Nm keysieve\n"
	".Nd find credentials in git repositories and files\n"
	".Sh SYNOPSIS\n"
	".Nm\n"
	".Ar command\n"
	".Op Ar option ...\n"
	".Op Ar operand ...\n"
	".Sh DESCRIPTION\n"
	".Nm\n"
	"reads every object that a git repository ever held, or files, and\n"
	"reports the credentials in them.\n"
	"Secrets are redacted wherever it writes, unless\n"
	".Fl -show-secrets\n"
	"is given.\n";

static const char tail[] =
	".Sh EXIT STATUS\n"
	".Bl -tag -width Ds\n"
	".It 0\nAll was scanned and nothing found.\n"
	".It 1\nSecrets were found.\n"
	".It 2\nIt could not be done.\n"
	".It 3\nNothing was found, but something could not be scanned.\n"
	".El\n"
	".Sh EXAMPLES\n"
	"All that a repository ever held:\n"
	".Pp\n"
	".Dl $ keysieve audit\n"
	".Pp\n"
	"A page for a team:\n"
	".Pp\n"
	".Dl $ keysieve audit --format html --output report.html\n"
	".Sh SEE ALSO\n"
	".Xr git 1 ,\n"
	".Xr githooks 5\n";

/* Is the blank at ${text} where a sentence ends? */
static bool ends_sentence(const char *text)
{
	return text[-1] == '.' && isupper((unsigned char)text[1]);
}

/*
 * Text of ours that begins a line: a new one for each sentence, none too
 * long, and nothing that is a request.
 */
static void put_text(FILE *file, const char *text)
{
	const char *start = text;
	const char *line = text;

	for (; *text; text++) {
		if (text == line && (*text == '.' || *text == '\''))
			fputs("\\&", file);
		if (*text == '\\') {
			fputs("\\e", file);
		} else if (*text == '-') {
			fputs("\\-", file);
		} else if (*text == ' ' && text > start &&
			   (ends_sentence(text) || text - line > LINE)) {
			fputc('\n', file);
			line = text + 1;
		} else {
			fputc(*text, file);
		}
	}
}

/* Lower case and no full stop in the tables: a sentence in the manual. */
static void put_sentence(FILE *file, const char *text)
{
	fputc(toupper((unsigned char)text[0]), file);
	put_text(file, text + 1);
	fputs(".\n", file);
}

static void put_option(FILE *file, const struct ks_option *option)
{
	fputs(".It", file);
	if (option->letter)
		fprintf(file, " Fl %c ,", option->letter);
	fprintf(file, " Fl -%s", option->name);
	if (option->argument)
		fprintf(file, " Ar %s", option->argument);
	fputc('\n', file);
	put_sentence(file, option->help);
}

static void put_group(FILE *file, const struct ks_option_group *group)
{
	fprintf(file, ".Ss %s\n.Bl -tag -width Ds\n", group->title);
	for (size_t i = 0; i < group->count; i++)
		put_option(file, &group->list[i]);
	fputs(".El\n", file);
}

static void put_command(FILE *file, const struct ks_command *command)
{
	fprintf(file, ".It Cm %s", command->name);
	if (command->verb)
		fprintf(file, " Cm %s", command->verb);
	if (command->operands[0])
		fprintf(file, " Ar %s", command->operands);
	fputc('\n', file);
	put_text(file, command->about);
	fputs("\nOptions below:\n", file);
	for (size_t i = 0; command->groups[i]; i++)
		fprintf(file, "%s%s", i ? ",\n" : "",
			command->groups[i]->title);
	fputs(".\n", file);
}

/* Is it described, or as part of another one that has the same options? */
static bool is_known(const struct ks_option_group *const *known, size_t count,
	const struct ks_option_group *group)
{
	for (size_t i = 0; i < count; i++) {
		if (known[i]->list == group->list &&
			known[i]->count >= group->count)
			return true;
	}
	return false;
}

static void put_groups(FILE *file)
{
	const struct ks_option_group *known[GROUPS_MAX];
	size_t known_count = 0;
	size_t count;
	const struct ks_command *table = ks_command_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct ks_option_group *const *group = table[i].groups;

		for (; *group && known_count < GROUPS_MAX; group++) {
			if (is_known(known, known_count, *group))
				continue;
			known[known_count++] = *group;
			put_group(file, *group);
		}
	}
}

static void put_manual(FILE *file, const void *payload)
{
	size_t count;
	const struct ks_command *table = ks_command_table(&count);

	(void)payload;
	fputs(head, file);
	fputs(".Sh COMMANDS\n.Bl -tag -width Ds\n", file);
	for (size_t i = 0; i < count; i++)
		put_command(file, &table[i]);
	fputs(".El\n.Sh OPTIONS\n", file);
	put_groups(file);
	fputs(tail, file);
}

int ks_cmd_manual(const struct ks_settings *settings)
{
	(void)settings;
	return ks_print(put_manual, NULL);
}
