/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve: the program. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/say.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * A closed standard descriptor would be given to the next file that is
 * opened. The wrong direction makes using it an error all the same.
 */
static void open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode) != fd)
			exit(KS_EXIT_FAILED);
	}
}

static int help_for(const char *const *words, size_t count)
{
	struct ks_settings settings = { .operands = words,
		.operand_count = count };

	return ks_cmd_help(&settings);
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* What may stand instead of a command; -1: it does not. */
static int run_special(const char *word)
{
	struct ks_settings settings = { 0 };

	if (is_one_of(word, "--help", "-h"))
		return ks_cmd_help(&settings);
	if (is_one_of(word, "--version", "-V"))
		return ks_cmd_version(&settings);
	return -1;
}

static int check_operands(const struct ks_command *command,
	const struct ks_settings *settings, struct ks_err *err)
{
	if (settings->operand_count > command->operand_max)
		return ks_fail(err, KS_E_USAGE, "'%s' is one operand too many",
			settings->operands[command->operand_max]);
	if (settings->operand_count < command->operand_min)
		return ks_fail(
			err, KS_E_USAGE, "%s is missing", command->operands);
	return KS_OK;
}

/* ${argv} begins with the last word of the command's name. */
static int run_command(const struct ks_command *command, int argc, char **argv)
{
	const char *words[] = { command->name, command->verb };
	struct ks_settings settings = { .min_confidence = -1 };
	struct ks_err err = { 0 };
	int status;
	int rc = ks_options_parse(&settings, command->groups, argc, argv, &err);

	if (rc == KS_OK && settings.help) {
		status = help_for(words, command->verb ? 2 : 1);
	} else if (rc == KS_OK &&
		   check_operands(command, &settings, &err) == KS_OK) {
		status = command->run(&settings);
	} else {
		ks_say("%s; see 'keysieve %s%s%s --help'", err.message,
			command->name, command->verb ? " " : "",
			command->verb ? command->verb : "");
		status = KS_EXIT_FAILED;
	}
	ks_settings_release(&settings);
	return status;
}

int main(int argc, char **argv)
{
	const struct ks_command *command;
	struct ks_err err = { 0 };
	size_t used = 0;
	int status;

	open_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		ks_help_all(stderr);
		return KS_EXIT_FAILED;
	}
	status = run_special(argv[1]);
	if (status >= 0)
		return status;
	command = ks_command_find(
		(const char *const *)argv + 1, (size_t)argc - 1, &used, &err);
	if (command)
		return run_command(command, argc - (int)used, argv + used);
	/* keysieve rules --help */
	if (argc == 3 && is_one_of(argv[2], "--help", "-h") &&
		ks_command_is_name(argv[1]))
		return help_for((const char *const *)argv + 1, 1);
	ks_say("%s; see 'keysieve --help'", err.message);
	return KS_EXIT_FAILED;
}
