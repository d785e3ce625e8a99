/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve explain: why something is a finding, or is none. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/explanation.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/say.h"

#include <inttypes.h>
#include <keysieve/explain.h>
#include <stdlib.h>
#include <string.h>

enum {
	PRINT_DIGITS = 64, /* of a fingerprint */
	PRINT_LEAST = 8,   /* of those, enough to name one */
	COMMIT_DIGITS = 12,
	PLACES_SHOWN = 10
};

/* What is asked, and what is known when it is answered. */
struct question {
	const struct ks_settings *settings;
	const char *operand;
	const char *path; /* NULL: operand is a fingerprint */
	uint64_t line;
	const struct ks_result *result;
	const struct ks_rules *rules;
	struct ks_buf text; /* of the file */
	size_t told;        /* matches */
	struct ks_err err;
	FILE *file;
};

static double least_confidence(const struct ks_settings *settings)
{
	return settings->min_confidence >= 0 ? settings->min_confidence
					     : KS_CONFIDENCE_DEFAULT;
}

static bool leaves_out_rules(const struct ks_settings *settings)
{
	return settings->only.count || settings->skip.count;
}

/* The last word: is it reported, and if not, who says so? */
static void put_end(
	const struct question *question, const struct ks_finding *finding)
{
	double least = least_confidence(question->settings);

	if (finding->is_suppressed) {
		fprintf(question->file, "  allowed     by %s",
			ks_suppression_name(finding->suppression));
		fprintf(question->file, "%s%s\n",
			finding->reason[0] ? ": " : "", finding->reason);
		fputs("  => not reported: it may stand\n", question->file);
	} else if (finding->confidence < least) {
		fprintf(question->file,
			"  => not reported: its confidence is below %.2f "
			"(--min-confidence)\n",
			least);
	} else {
		fputs("  => reported\n", question->file);
	}
}

static bool is_at(const struct ks_finding *finding,
	const struct ks_explanation *explanation)
{
	if (strcmp(finding->rule, explanation->rule) != 0)
		return false;
	for (size_t i = 0; i < finding->occurrence_count; i++) {
		const struct ks_occurrence *at = &finding->occurrences[i];

		if (at->line == explanation->line &&
			at->column == explanation->column)
			return true;
	}
	return false;
}

static const struct ks_finding *find_at(const struct ks_result *result,
	const struct ks_explanation *explanation)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		if (is_at(&result->findings[i], explanation))
			return &result->findings[i];
	}
	for (size_t i = 0; i < result->suppressed_count; i++) {
		if (is_at(&result->suppressed_findings[i], explanation))
			return &result->suppressed_findings[i];
	}
	return NULL;
}

static void put_match(void *payload, const struct ks_explanation *explanation)
{
	struct question *question = payload;
	const struct ks_finding *finding =
		find_at(question->result, explanation);
	FILE *file = question->file;

	question->told++;
	ks_explanation_put(file, explanation);
	if (!explanation->is_secret) {
		fputs("  => not reported\n", file);
		return;
	}
	if (finding)
		put_end(question, finding);
	else
		fprintf(file,
			"  => not reported: another rule's match overlaps "
			"it and wins%s\n",
			leaves_out_rules(question->settings)
				? ",\n     or --only or --skip leave it out"
				: "");
}

static void put_line(FILE *file, const void *payload)
{
	struct question *question = *(struct question *const *)payload;

	question->file = file;
	if (ks_explain_line(question->rules, question->text.p, question->text.n,
		    question->line, put_match, question, &question->err) < 0)
		return;
	if (question->told == 0)
		fprintf(file,
			"No rule's pattern matches in line %" PRIu64
			" as it stands,\nor what matches is an exception of "
			"its "
			"rule ('keysieve rules show').\n",
			question->line);
}

static const struct ks_finding *find_print(
	const struct ks_finding *list, size_t count, const char *print)
{
	for (size_t i = 0; i < count; i++) {
		if (strncmp(list[i].fingerprint, print, strlen(print)) == 0)
			return &list[i];
	}
	return NULL;
}

static void put_commit(FILE *file, const char *name, const char *commit,
	const char *author, const char *message)
{
	if (!commit[0])
		return;
	fprintf(file, "  %-11s %.*s by ", name, COMMIT_DIGITS, commit);
	ks_print_text(file, author);
	fputs(": ", file);
	ks_print_line(file, message);
}

/* Where it is, who brought it, and who took it away. */
static void put_places(FILE *file, const struct ks_finding *finding)
{
	const struct ks_occurrence *first = &finding->occurrences[0];
	size_t count = finding->occurrence_count;

	for (size_t i = 0; i < count && i < PLACES_SHOWN; i++) {
		const struct ks_occurrence *at = &finding->occurrences[i];

		fprintf(file, "  %-11s ", i ? "" : "places");
		if (at->commit[0])
			fprintf(file, "%.*s  ", COMMIT_DIGITS, at->commit);
		ks_print_text(file, at->path);
		fprintf(file, ":%" PRIu64 ":%" PRIu64 "%s\n", at->line,
			at->column, at->in_head ? ", in HEAD" : "");
	}
	if (count > PLACES_SHOWN)
		fprintf(file, "  %-11s and %zu more places\n", "",
			count - PLACES_SHOWN);
	put_commit(file, "brought by", first->commit, first->author,
		first->message);
	if (finding->removed)
		put_commit(file, "removed by", finding->removed->commit,
			finding->removed->author, finding->removed->message);
}

static void put_print(FILE *file, const void *payload)
{
	struct question *question = *(struct question *const *)payload;
	const struct ks_result *result = question->result;
	const struct ks_finding *finding = find_print(
		result->findings, result->finding_count, question->operand);

	question->file = file;
	if (!finding)
		finding = find_print(result->suppressed_findings,
			result->suppressed_count, question->operand);
	if (!finding) {
		fprintf(file,
			"No secret with the fingerprint %s is there, of any "
			"confidence.\n",
			question->operand);
		return;
	}
	fprintf(file, "%s (%s): %s\n", finding->rule, finding->rule_name,
		finding->redacted);
	fprintf(file, "  fingerprint %s\n", finding->fingerprint);
	put_places(file, finding);
	fprintf(file, "  entropy     %.2f bits per character\n",
		finding->entropy);
	fprintf(file, "  confidence  %.2f\n", finding->confidence);
	put_end(question, finding);
}

static int answer(const struct ks_settings *settings,
	const struct ks_result *result, void *payload)
{
	struct question *question = payload;
	struct ks_rules *rules = NULL;
	int status = KS_EXIT_FAILED;

	question->result = result;
	if (ks_rules_load(&rules, settings->rules.list, settings->rules.count,
		    &question->err) == KS_OK) {
		question->rules = rules;
		status = ks_print(
			question->path ? put_line : put_print, &question);
	}
	ks_rules_free(rules);
	if (!question->err.code)
		return status;
	ks_say("%s", question->err.message);
	return KS_EXIT_FAILED;
}

/* FILE:LINE, or the first digits of a fingerprint. */
static int parse(struct question *question, char *operand)
{
	char *colon = strrchr(operand, ':');
	size_t n = strlen(operand);
	char *end = NULL;

	if (n >= PRINT_LEAST && n <= PRINT_DIGITS &&
		strspn(operand, "0123456789abcdef") == n)
		return KS_OK;
	if (colon && colon[1] >= '1' && colon[1] <= '9')
		question->line = strtoull(colon + 1, &end, 10);
	if (!end || *end || colon == operand)
		return ks_fail(&question->err, KS_E_USAGE,
			"'%s' is neither FILE:LINE nor 8 to 64 digits of a "
			"fingerprint",
			operand);
	*colon = '\0';
	question->path = operand;
	return ks_buf_read_file_max(
		&question->text, operand, (size_t)1 << 30, &question->err);
}

int ks_cmd_explain(const struct ks_settings *settings)
{
	struct ks_settings all = *settings;
	struct question question = { .settings = settings,
		.operand = settings->operands[0] };
	const char *repo =
		settings->operand_count > 1 ? settings->operands[1] : ".";
	struct ks_run run = {
		.scan = ks_run_audit,
		.paths = &repo,
		.path_count = 1,
		.is_repository = true,
		.lists_suppressed = true,
		.deliver = answer,
		.payload = &question,
	};
	char *operand = strdup(question.operand);
	int status = KS_EXIT_FAILED;

	/* What is told to be unlikely is to be explained, too. */
	all.min_confidence = 0;
	if (!operand || parse(&question, operand) < 0) {
		ks_say("%s", operand ? question.err.message : "out of memory");
	} else {
		if (question.path) {
			run.scan = ks_scan_paths;
			run.paths = &question.path;
			run.is_repository = false;
		}
		status = ks_run(&all, &run);
	}
	ks_buf_release(&question.text);
	free(operand);
	return status;
}
