/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve hook install, uninstall, status. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/print.h"
#include "cli/say.h"

#include <keysieve/hook.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	ARGUMENTS_MAX = 64
};

/* Hooks to do something with. */
struct chosen {
	enum ks_hook list[KS_HOOK_COUNT];
	size_t count;
};

static int choose(struct chosen *chosen, const struct ks_settings *settings,
	struct ks_err *err)
{
	bool has[KS_HOOK_COUNT] = { false };

	chosen->count = 0;
	for (size_t i = 0; i < settings->operand_count; i++) {
		int hook = ks_hook_parse(settings->operands[i]);

		if (hook < 0)
			return ks_fail(err, KS_E_USAGE,
				"there is no hook '%s' for keysieve: it is one "
				"of pre-push, pre-commit, pre-receive",
				settings->operands[i]);
		if (!has[hook])
			chosen->list[chosen->count++] = (enum ks_hook)hook;
		has[hook] = true;
	}
	return KS_OK;
}

static int fail(const struct ks_err *err)
{
	ks_say("%s", err->message);
	return KS_EXIT_FAILED;
}

/* What a hook is to be called with, as it was given here. */
struct arguments {
	const char *list[ARGUMENTS_MAX];
	size_t count;
	struct ks_arena arena;
};

static int add(struct arguments *arguments, const char *name, const char *value,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	char *copy = NULL;

	if (ks_buf_printf(&text, "--%s%s%s", name, value ? "=" : "",
		    value ? value : "") == KS_OK)
		copy = ks_arena_copy(&arguments->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	if (!copy)
		return ks_fail_nomem(err);
	if (arguments->count == ARGUMENTS_MAX)
		return ks_fail(err, KS_E_LIMIT, "too many options");
	arguments->list[arguments->count++] = copy;
	return KS_OK;
}

static int add_words(struct arguments *arguments, const char *name,
	const struct ks_words *words, bool are_paths, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < words->count; i++) {
		char path[PATH_MAX];
		const char *value = words->list[i];

		if (are_paths && !realpath(value, path))
			return ks_fail(
				err, KS_E_IO, "'%s' does not exist", value);
		rc = add(arguments, name, are_paths ? path : value, err);
	}
	return rc;
}

static int add_path(struct arguments *arguments, const char *name,
	const char *value, struct ks_err *err)
{
	struct ks_words words = { .list = &value, .count = 1 };

	return value ? add_words(arguments, name, &words, true, err) : KS_OK;
}

static int add_number(struct arguments *arguments, const char *name,
	unsigned long long value, struct ks_err *err)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	return value ? add(arguments, name, text, err) : KS_OK;
}

static int list_archives(struct arguments *arguments,
	const struct ks_settings *settings, struct ks_err *err)
{
	int rc = KS_OK;

	if (settings->no_archives)
		rc = add(arguments, "no-archives", NULL, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "archive-depth",
			settings->archive_depth, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "archive-bytes",
			settings->archive_bytes, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "archive-ratio",
			settings->archive_ratio, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "archive-entries",
			settings->archive_entries, err);
	return rc;
}

static int list_arguments(struct arguments *arguments,
	const struct ks_settings *settings, struct ks_err *err)
{
	char share[32];
	int rc = KS_OK;

	snprintf(share, sizeof(share), "%.3f", settings->min_confidence);
	if (settings->min_confidence >= 0)
		rc = add(arguments, "min-confidence", share, err);
	if (rc == KS_OK && settings->on_error == KS_ON_ERROR_PASS)
		rc = add(arguments, "on-error", "pass", err);
	if (rc == KS_OK)
		rc = add_number(
			arguments, "time-limit", settings->time_limit, err);
	if (rc == KS_OK)
		rc = add_words(arguments, "rules", &settings->rules, true, err);
	if (rc == KS_OK)
		rc = add_path(arguments, "config", settings->config, err);
	if (rc == KS_OK)
		rc = add_path(arguments, "baseline", settings->baseline, err);
	if (rc == KS_OK)
		rc = add_words(arguments, "only", &settings->only, false, err);
	if (rc == KS_OK)
		rc = add_words(arguments, "skip", &settings->skip, false, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "max-blob-size",
			settings->max_blob_size, err);
	if (rc == KS_OK && settings->no_trust_repo_config)
		rc = add(arguments, "no-trust-repo-config", NULL, err);
	if (rc == KS_OK)
		rc = add_number(arguments, "jobs", settings->jobs, err);
	if (rc == KS_OK)
		rc = list_archives(arguments, settings, err);
	if (rc == KS_OK && settings->quiet)
		rc = add(arguments, "quiet", NULL, err);
	return rc;
}

/* Where this very program is. */
static int find_program(char path[PATH_MAX], struct ks_err *err)
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return ks_fail(err, KS_E_IO,
			"cannot tell where keysieve is: /proc is not there");
	path[n] = '\0';
	return KS_OK;
}

static int install_all(const struct ks_settings *settings,
	const struct chosen *chosen, const struct arguments *arguments,
	struct ks_err *err)
{
	char program[PATH_MAX];
	struct ks_hook_options options = {
		.is_global = settings->is_global,
		.program = program,
		.arguments = arguments->list,
		.argument_count = arguments->count,
	};
	int rc = find_program(program, err);

	for (size_t i = 0; rc == KS_OK && i < chosen->count; i++) {
		struct ks_hook_state state;

		rc = ks_hook_install(chosen->list[i], &options, &state, err);
		if (rc == KS_OK)
			ks_say("installed '%s'%s", state.path,
				state.has_before
					? "; the hook that was there runs "
					  "after it"
					: "");
	}
	return rc;
}

int ks_cmd_hook_install(const struct ks_settings *settings)
{
	struct arguments arguments = { .count = 0 };
	struct ks_err err = { 0 };
	struct chosen chosen;
	int rc = choose(&chosen, settings, &err);

	if (rc == KS_OK && chosen.count == 0)
		rc = ks_hook_defaults(
			chosen.list, &chosen.count, settings->is_global, &err);
	if (rc == KS_OK)
		rc = list_arguments(&arguments, settings, &err);
	if (rc == KS_OK)
		rc = install_all(settings, &chosen, &arguments, &err);
	ks_arena_release(&arguments.arena);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

static void choose_all(struct chosen *chosen)
{
	for (int i = 0; i < KS_HOOK_COUNT; i++)
		chosen->list[i] = (enum ks_hook)i;
	chosen->count = KS_HOOK_COUNT;
}

int ks_cmd_hook_uninstall(const struct ks_settings *settings)
{
	struct ks_err err = { 0 };
	struct chosen chosen;
	int rc = choose(&chosen, settings, &err);
	bool is_named = rc == KS_OK && chosen.count > 0;
	size_t removed = 0;

	if (!is_named)
		choose_all(&chosen);
	for (size_t i = 0; rc == KS_OK && i < chosen.count; i++) {
		struct ks_hook_state state;

		rc = ks_hook_uninstall(
			chosen.list[i], settings->is_global, &state, &err);
		if (rc < 0)
			break;
		removed += state.is_ours;
		if (state.is_ours)
			ks_say("removed '%s'%s", state.path,
				state.has_before
					? "; the hook that was there before is "
					  "back"
					: "");
		else if (is_named && state.has_other)
			ks_say("'%s' is not keysieve's: it stays", state.path);
	}
	if (rc == KS_OK && removed == 0)
		ks_say("no hook of keysieve's was there");
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

struct report {
	struct ks_hook_state states[KS_HOOK_COUNT];
};

static const char *describe(const struct ks_hook_state *state)
{
	if (state->is_ours && !state->is_program_there)
		return "installed, but its keysieve is gone: install it again";
	if (state->is_ours)
		return state->has_before ? "installed, another hook runs after "
					   "it"
					 : "installed";
	return state->has_other ? "not installed, another hook is there"
				: "not installed";
}

static void write_report(FILE *file, const void *payload)
{
	const struct report *report = payload;

	for (int i = 0; i < KS_HOOK_COUNT; i++)
		fprintf(file, "%-11s  %s\n", ks_hook_name((enum ks_hook)i),
			describe(&report->states[i]));
}

int ks_cmd_hook_status(const struct ks_settings *settings)
{
	struct report report;
	struct ks_err err = { 0 };

	for (int i = 0; i < KS_HOOK_COUNT; i++) {
		if (ks_hook_look((enum ks_hook)i, settings->is_global,
			    &report.states[i], &err) < 0)
			return fail(&err);
	}
	return ks_print(write_report, &report);
}
