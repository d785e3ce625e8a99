/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve baseline diff: what is new and what is gone. */
#include "cli/baseline.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/print.h"

/* What a repository wrote is not for the terminal to obey. */
static void put_visible(FILE *file, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		fputc(byte < ' ' || byte >= 0x7f ? '?' : byte, file);
	}
}

static void put_field(FILE *file, const char *text)
{
	fputc(' ', file);
	put_visible(file, text[0] ? text : "-");
}

/* The finding that is reported with ${fingerprint}, or NULL. */
static const struct ks_finding *find_reported(
	const struct ks_result *result, const char *fingerprint)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct ks_finding *finding = &result->findings[i];

		if (strcmp(finding->fingerprint, fingerprint) == 0)
			return finding;
	}
	return NULL;
}

static bool is_in(struct ks_baseline *baseline, const char *fingerprint)
{
	return ks_baseline_find(baseline, fingerprint) != NULL;
}

/* Not known, nor allowed by anything else. */
static bool is_new(
	const struct ks_baseline_found *found, const char *fingerprint)
{
	return !is_in(found->old, fingerprint) &&
	       (!found->result || find_reported(found->result, fingerprint));
}

static void write_new(FILE *file, const struct ks_baseline_found *found,
	const struct ks_baseline_entry *entry)
{
	fprintf(file, "+ %s", entry->fingerprint);
	put_field(file, entry->rule);
	if (found->result) {
		const struct ks_occurrence *at =
			find_reported(found->result, entry->fingerprint)
				->occurrences;

		put_field(file, at->path);
		fprintf(file, ":%llu", (unsigned long long)at->line);
	}
	fputc('\n', file);
}

static void write_gone(FILE *file, const struct ks_baseline_entry *entry)
{
	fprintf(file, "- %s", entry->fingerprint);
	put_field(file, entry->rule);
	put_field(file, entry->until);
	put_field(file, entry->who);
	put_field(file, entry->why);
	fputc('\n', file);
}

static void write_diff(FILE *file, const void *payload)
{
	const struct ks_baseline_found *found = payload;
	size_t count;
	const struct ks_baseline_entry *list =
		ks_baseline_list(found->found, &count);

	for (size_t i = 0; i < count; i++) {
		if (is_new(found, list[i].fingerprint))
			write_new(file, found, &list[i]);
	}
	list = ks_baseline_list(found->old, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_in(found->found, list[i].fingerprint))
			write_gone(file, &list[i]);
	}
}

static int diff(
	const struct ks_settings *settings, struct ks_baseline_found *found)
{
	size_t count;
	const struct ks_baseline_entry *list =
		ks_baseline_list(found->found, &count);
	int status = ks_print(write_diff, found);

	(void)settings;
	for (size_t i = 0; status == KS_EXIT_CLEAN && i < count; i++) {
		if (is_new(found, list[i].fingerprint))
			status = KS_EXIT_FOUND;
	}
	return status;
}

int ks_cmd_baseline_diff(const struct ks_settings *settings)
{
	return ks_baseline_with_found(settings, settings->operands[0],
		settings->operand_count > 1 ? settings->operands[1] : NULL,
		true, diff);
}
