/* SPDX-License-Identifier: Apache-2.0 */
/* The text of the hooks. */
#include "hook/script.h"

#include <stdio.h>

static const char mark[] = "# Written by 'keysieve hook install'";
static const char program_line[] = "\nkeysieve='";

static const struct {
	const char *name;
	const char *command;  /* of keysieve */
	const char *all_same; /* how to do it without the hook */
	bool has_input;
} kinds[] = {
	[KS_HOOK_PRE_PUSH] = { "pre-push", "push", "git push --no-verify",
		true },
	[KS_HOOK_PRE_COMMIT] = { "pre-commit", "commit",
		"git commit --no-verify", false },
	[KS_HOOK_PRE_RECEIVE] = { "pre-receive", "receive",
		"ask whoever runs this server", true },
};

const char *ks_hook_name(enum ks_hook hook)
{
	return kinds[hook].name;
}

int ks_hook_parse(const char *name)
{
	for (int i = 0; i < KS_HOOK_COUNT; i++) {
		if (strcmp(name, kinds[i].name) == 0)
			return i;
	}
	return -1;
}

/* ${word} as the shell reads it: in single quotes. */
static int add_quoted(struct ks_buf *out, const char *word)
{
	int rc = ks_buf_add_byte(out, '\'');

	for (; rc == KS_OK && *word; word++) {
		if (*word == '\'')
			rc = ks_buf_add_str(out, "'\\''");
		else
			rc = ks_buf_add_byte(out, (uint8_t)*word);
	}
	return rc == KS_OK ? ks_buf_add_byte(out, '\'') : rc;
}

/* The repository's own hook, which a folder for all stands in front of. */
static int add_own(struct ks_buf *out, const char *name)
{
	return ks_buf_printf(out,
		"own=$(git rev-parse --git-common-dir)/hooks/%s\n"
		"[ \"$own\" -ef \"$0\" ] && own=\n",
		name);
}

static int add_head(struct ks_buf *out, const char *name)
{
	return ks_buf_printf(out,
		"#!/bin/sh\n"
		"%s; 'keysieve hook uninstall %s' removes it.\n",
		mark, name);
}

/* Find the program, wherever it has moved to. */
static int add_program(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options)
{
	int rc = ks_buf_add_str(out, program_line + 1);

	/* The opening quote is a part of the line that is searched for. */
	out->n -= rc == KS_OK;
	if (rc == KS_OK)
		rc = add_quoted(out, options->program);
	return rc < 0 ? rc
		      : ks_buf_printf(out,
				"\n"
				"[ -x \"$keysieve\" ] || "
				"keysieve=$(command -v keysieve) || {\n"
				"\techo \"keysieve: the hook %s does not find "
				"keysieve, neither where it was when the hook "
				"was installed nor in PATH\" >&2\n"
				"\techo \"keysieve: to go on without it: %s; "
				"to remove the hook: rm '$0'\" >&2\n"
				"\texit 2\n"
				"}\n",
				kinds[hook].name, kinds[hook].all_same);
}

static int add_call(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options)
{
	int rc = ks_buf_printf(out, "\"$keysieve\" %s", kinds[hook].command);

	for (size_t i = 0; rc == KS_OK && i < options->argument_count; i++) {
		rc = ks_buf_add_byte(out, ' ');
		if (rc == KS_OK)
			rc = add_quoted(out, options->arguments[i]);
	}
	/* pre-commit has no arguments, and keysieve commit takes none. */
	return rc == KS_OK && hook == KS_HOOK_PRE_PUSH
		       ? ks_buf_add_str(out, " \"$@\"")
		       : rc;
}

/*
 * Input can be read once only, so it is kept for the hooks to come: lines of
 * text, as git writes them.
 */
static int add_chain_with_input(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options)
{
	int rc = ks_buf_add_str(out, "input=$(cat)\n"
				     "give() {\n"
				     "\t[ -z \"$input\" ] || "
				     "printf '%s\\n' \"$input\"\n"
				     "}\n"
				     "give | ");

	if (rc == KS_OK)
		rc = add_call(out, hook, options);
	return rc < 0 ? rc
		      : ks_buf_add_str(out,
				" || exit\n"
				"for hook in \"$before\" \"$own\"; do\n"
				"\t[ -n \"$hook\" ] && [ -x \"$hook\" ] || "
				"continue\n"
				"\tgive 2>/dev/null | \"$hook\" \"$@\" || "
				"exit\n"
				"done\n");
}

static int add_chain(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options)
{
	int rc = add_call(out, hook, options);

	return rc < 0 ? rc
		      : ks_buf_add_str(out,
				" || exit\n"
				"for hook in \"$before\" \"$own\"; do\n"
				"\t[ -n \"$hook\" ] && [ -x \"$hook\" ] || "
				"continue\n"
				"\t\"$hook\" \"$@\" || exit\n"
				"done\n");
}

int ks_script_write(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options)
{
	int rc = add_head(out, kinds[hook].name);

	if (rc == KS_OK)
		rc = add_program(out, hook, options);
	if (rc == KS_OK)
		rc = ks_buf_add_str(
			out, "before=$0" KS_SCRIPT_BEFORE "\nown=\n");
	if (rc == KS_OK && options->is_global)
		rc = add_own(out, kinds[hook].name);
	/* Nothing behind it: then nothing stands between git and it. */
	if (rc == KS_OK)
		rc = ks_buf_add_str(
			out, "[ -x \"$before\" ] || [ -n \"$own\" ] || exec ");
	if (rc == KS_OK)
		rc = add_call(out, hook, options);
	if (rc == KS_OK)
		rc = ks_buf_add_byte(out, '\n');
	if (rc < 0)
		return rc;
	return kinds[hook].has_input ? add_chain_with_input(out, hook, options)
				     : add_chain(out, hook, options);
}

int ks_script_write_passing(struct ks_buf *out, const char *name)
{
	int rc = add_head(out, name);

	if (rc == KS_OK)
		rc = add_own(out, name);
	return rc < 0 ? rc
		      : ks_buf_add_str(out,
				"[ -n \"$own\" ] && [ -x \"$own\" ] || exit 0\n"
				"exec \"$own\" \"$@\"\n");
}

bool ks_script_is_ours(struct ks_span text)
{
	const uint8_t *lf = text.n ? memchr(text.p, '\n', text.n) : NULL;
	size_t at = lf ? (size_t)(lf - text.p) + 1 : text.n;

	return ks_span_starts(ks_span_cut(text, at, text.n), mark);
}

int ks_script_program(struct ks_buf *out, struct ks_span text)
{
	const uint8_t *line =
		memmem(text.p, text.n, program_line, sizeof(program_line) - 1);
	const uint8_t *end = text.p + text.n;
	int rc = KS_OK;

	if (!line)
		return KS_OK;
	for (const uint8_t *p = line + sizeof(program_line) - 1;
		rc == KS_OK && p < end && *p != '\n'; p++) {
		if (*p != '\'') {
			rc = ks_buf_add_byte(out, *p);
			continue;
		}
		/* Either the end, or one that was quoted: '\'' */
		if (end - p < 4 || p[1] != '\\')
			break;
		p += 3;
		rc = ks_buf_add_byte(out, '\'');
	}
	return rc;
}
