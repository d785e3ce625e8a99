/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve completion: what shells need to complete its command lines. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/print.h"
#include "cli/say.h"

#include <string.h>

/* Calls ${put} for each option of ${command}. */
static void each_option(FILE *file, const struct ks_command *command,
	void (*put)(FILE *file, const struct ks_command *command,
		const struct ks_option *option))
{
	for (size_t i = 0; command->groups[i]; i++) {
		const struct ks_option_group *group = command->groups[i];

		for (size_t k = 0; k < group->count; k++)
			put(file, command, &group->list[k]);
	}
}

/* Each name once, each verb of ${name} if that is given. */
static void put_words(FILE *file, const char *name)
{
	size_t count;
	const struct ks_command *table = ks_command_table(&count);
	const char *last = "";

	for (size_t i = 0; i < count; i++) {
		const char *word = name ? table[i].verb : table[i].name;

		if (!word || (name && strcmp(table[i].name, name) != 0) ||
			strcmp(word, last) == 0)
			continue;
		fprintf(file, "%s%s", last[0] ? " " : "", word);
		last = word;
	}
}

static void put_choices(FILE *file, const struct ks_option *option)
{
	for (size_t i = 0; option->choices[i]; i++)
		fprintf(file, "%s%s", i ? " " : "", option->choices[i]);
}

/* ${text} inside of single quotes; those in ${special} get a backslash. */
static void put_quoted(FILE *file, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", file);
		else if (strchr(special, *text))
			fputc('\\', file);
		fputc(*text, file);
	}
}

/* "rules list", or "audit" where there is no verb. */
static void put_name(FILE *file, const struct ks_command *command)
{
	fprintf(file, "%s%s%s", command->name, command->verb ? " " : "",
		command->verb ? command->verb : "");
}

static bool is_first_of_name(const struct ks_command *table, size_t i)
{
	return i == 0 || strcmp(table[i].name, table[i - 1].name) != 0;
}

static void put_bash_word(FILE *file, const struct ks_command *command,
	const struct ks_option *option)
{
	(void)command;
	fprintf(file, " --%s", option->name);
	if (option->letter)
		fprintf(file, " -%c", option->letter);
}

static void put_bash_choice(FILE *file, const struct ks_command *command,
	const struct ks_option *option)
{
	if (!option->choices)
		return;
	fputs("\t'", file);
	put_name(file, command);
	fprintf(file, " --%s'", option->name);
	if (option->letter) {
		fputs(" | '", file);
		put_name(file, command);
		fprintf(file, " -%c'", option->letter);
	}
	fputs(") words='", file);
	put_choices(file, option);
	fputs("' ;;\n", file);
}

static void put_bash(FILE *file, const struct ks_command *table, size_t count)
{
	fputs("# keysieve(1) completion for bash\n"
	      "_keysieve()\n{\n"
	      "\tlocal current=${COMP_WORDS[COMP_CWORD]}\n"
	      "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal name=${COMP_WORDS[1]} verbs='' words=''\n\n"
	      "\tif [ \"$before\" = = ]; then\n"
	      "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tfi\n"
	      "\tif [ \"$current\" = = ]; then\n"
	      "\t\tcurrent=\n"
	      "\tfi\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='",
		file);
	put_words(file, NULL);
	fputs("'\n\tfi\n\tcase $name in\n", file);
	for (size_t i = 0; i < count; i++) {
		if (!table[i].verb || !is_first_of_name(table, i))
			continue;
		fprintf(file, "\t%s) verbs='", table[i].name);
		put_words(file, table[i].name);
		fputs("' ;;\n", file);
	}
	fputs("\tesac\n"
	      "\tif [ -n \"$verbs\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\twords=$verbs\n"
	      "\telif [ -n \"$verbs\" ]; then\n"
	      "\t\tname=\"$name ${COMP_WORDS[2]}\"\n"
	      "\tfi\n"
	      "\tcase \"$name $before\" in\n",
		file);
	for (size_t i = 0; i < count; i++)
		each_option(file, &table[i], put_bash_choice);
	fputs("\tesac\n"
	      "\tif [ -z \"$words\" ] && [[ $current == -* ]]; then\n"
	      "\t\tcase $name in\n",
		file);
	for (size_t i = 0; i < count; i++) {
		fputs("\t\t'", file);
		put_name(file, &table[i]);
		fputs("') words='", file);
		each_option(file, &table[i], put_bash_word);
		fputs("' ;;\n", file);
	}
	fputs("\t\tesac\n\tfi\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
	      "\"$current\")\n"
	      "}\ncomplete -o default -F _keysieve keysieve\n",
		file);
}

static void put_zsh_option(FILE *file, const struct ks_command *command,
	const struct ks_option *option)
{
	bool is_many = option->kind == KS_OPTION_WORD ||
		       option->kind == KS_OPTION_LIST;
	const char *value = option->argument ? "=" : "";

	(void)command;
	fputs(" \\\n\t\t\t", file);
	if (is_many)
		fputs("'*'", file);
	if (option->letter)
		fprintf(file, "{-%c,--%s%s}", option->letter, option->name,
			value);
	else
		fprintf(file, "--%s%s", option->name, value);
	fputs("'[", file);
	put_quoted(file, option->help, "[]\\:");
	fputc(']', file);
	if (option->argument) {
		fputc(':', file);
		put_quoted(file, option->argument, "[]\\:");
		fputc(':', file);
	}
	if (option->choices) {
		fputc('(', file);
		put_choices(file, option);
		fputc(')', file);
	} else if (option->kind == KS_OPTION_TEXT ||
		   option->kind == KS_OPTION_WORD) {
		fputs("_files", file);
	}
	fputc('\'', file);
}

static void put_zsh(FILE *file, const struct ks_command *table, size_t count)
{
	fputs("#compdef keysieve\n"
	      "# keysieve(1) completion for zsh\n"
	      "_keysieve() {\n"
	      "\tlocal name=$words[2]\n\n"
	      "\tif (( CURRENT == 2 )); then\n\t\tcompadd -- ",
		file);
	put_words(file, NULL);
	fputs("\n\t\treturn\n\tfi\n\tcase $name in\n", file);
	for (size_t i = 0; i < count; i++) {
		if (!table[i].verb || !is_first_of_name(table, i))
			continue;
		fprintf(file,
			"\t%s)\n\t\tif (( CURRENT == 3 )); then\n"
			"\t\t\tcompadd -- ",
			table[i].name);
		put_words(file, table[i].name);
		fputs("\n\t\t\treturn\n\t\tfi\n"
		      "\t\tname=\"$name $words[3]\"\n"
		      "\t\tshift words; (( CURRENT-- )) ;;\n",
			file);
	}
	fputs("\tesac\n\tshift words; (( CURRENT-- ))\n"
	      "\tcase $name in\n",
		file);
	for (size_t i = 0; i < count; i++) {
		fputs("\t'", file);
		put_name(file, &table[i]);
		fputs("')\n\t\t_arguments -s", file);
		each_option(file, &table[i], put_zsh_option);
		fputs(" \\\n\t\t\t'*:file:_files' ;;\n", file);
	}
	fputs("\tesac\n}\n_keysieve \"$@\"\n", file);
}

static void put_fish_text(FILE *file, const char *text)
{
	fputs(" -d '", file);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputs("'\n", file);
}

static void put_fish_condition(FILE *file, const struct ks_command *command)
{
	fprintf(file, "complete -c keysieve -n '__fish_seen_subcommand_from %s",
		command->name);
	if (command->verb)
		fprintf(file, "; and __fish_seen_subcommand_from %s",
			command->verb);
	fputc('\'', file);
}

static void put_fish_option(FILE *file, const struct ks_command *command,
	const struct ks_option *option)
{
	put_fish_condition(file, command);
	fprintf(file, " -l %s", option->name);
	if (option->letter)
		fprintf(file, " -s %c", option->letter);
	if (option->choices) {
		fputs(" -x -a '", file);
		put_choices(file, option);
		fputc('\'', file);
	} else if (option->argument) {
		fputs(" -r", file);
	}
	put_fish_text(file, option->help);
}

static void put_fish(FILE *file, const struct ks_command *table, size_t count)
{
	fputs("# keysieve(1) completion for fish\n", file);
	for (size_t i = 0; i < count; i++) {
		if (is_first_of_name(table, i)) {
			fprintf(file,
				"complete -c keysieve -f -n "
				"__fish_use_subcommand -a %s",
				table[i].name);
			put_fish_text(
				file, table[i].verb ? "" : table[i].summary);
		}
		if (table[i].verb) {
			fprintf(file,
				"complete -c keysieve -f -n "
				"'__fish_seen_subcommand_from %s' -a %s",
				table[i].name, table[i].verb);
			put_fish_text(file, table[i].summary);
		}
		each_option(file, &table[i], put_fish_option);
	}
}

struct shell {
	const char *name;
	void (*put)(FILE *file, const struct ks_command *table, size_t count);
};

static void put_shell(FILE *file, const void *payload)
{
	const struct shell *shell = payload;
	size_t count;
	const struct ks_command *table = ks_command_table(&count);

	shell->put(file, table, count);
}

int ks_cmd_completion(const struct ks_settings *settings)
{
	static const struct shell shells[] = {
		{ "bash", put_bash },
		{ "zsh", put_zsh },
		{ "fish", put_fish },
	};

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (strcmp(settings->operands[0], shells[i].name) == 0)
			return ks_print(put_shell, &shells[i]);
	}
	ks_say("'%s' is no shell that is known: it is bash, zsh or fish",
		settings->operands[0]);
	return KS_EXIT_FAILED;
}
