/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve baseline: making lists of what is known, and keeping them. */
#include "cli/baseline.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/say.h"

#include <stdlib.h>

/* What is to be done with all that was found. */
struct job {
	struct ks_baseline_found found;
	int (*then)(const struct ks_settings *settings,
		struct ks_baseline_found *found);
};

static int fail(const struct ks_err *err)
{
	ks_say("%s", err->message);
	return KS_EXIT_FAILED;
}

int ks_baseline_put(const char *path, struct ks_baseline *baseline)
{
	struct ks_output output;
	struct ks_err err = { 0 };
	int rc = ks_output_open(&output, path, &err);

	if (rc == KS_OK) {
		rc = ks_baseline_write(output.file, baseline, &err);
		if (rc < 0 && rc != KS_E_IO)
			ks_output_abandon(&output);
		else
			rc = ks_output_finish(&output, &err);
	}
	if (rc < 0)
		fail(&err);
	return rc;
}

/* What a new line says. */
static struct ks_baseline_entry entry_of(const struct ks_settings *settings)
{
	const char *user = getenv("USER");

	return (struct ks_baseline_entry){
		.until = settings->until ? settings->until : "",
		.who = settings->who ? settings->who
		       : user        ? user
				     : "",
		.why = settings->why ? settings->why : "",
	};
}

static int add_findings(struct ks_baseline *into,
	const struct ks_settings *settings, const struct ks_finding *findings,
	size_t count, struct ks_err *err)
{
	struct ks_baseline_entry entry = entry_of(settings);
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		entry.fingerprint = findings[i].fingerprint;
		entry.rule = findings[i].rule;
		rc = ks_baseline_add(into, &entry, err);
	}
	return rc;
}

static int deliver(const struct ks_settings *settings,
	const struct ks_result *result, void *payload)
{
	struct job *job = payload;
	struct ks_err err = { 0 };
	int status;
	int rc = add_findings(job->found.found, settings, result->findings,
		result->finding_count, &err);

	if (rc == KS_OK)
		rc = add_findings(job->found.found, settings,
			result->suppressed_findings, result->suppressed_count,
			&err);
	if (rc < 0)
		return fail(&err);
	job->found.result = result;
	status = job->then(settings, &job->found);
	if (result->is_complete)
		return status;
	ks_say("not all could be scanned: 'keysieve audit' tells what");
	return status == KS_EXIT_CLEAN ? KS_EXIT_INCOMPLETE : status;
}

static int find(const struct ks_settings *settings, struct job *job,
	const char *repo, bool with_suppressed)
{
	const char *path = repo ? repo : ".";
	struct ks_run run = {
		.scan = ks_run_audit,
		.paths = &path,
		.path_count = 1,
		.is_repository = true,
		.has_no_baseline = true,
		.lists_suppressed = with_suppressed,
		.deliver = deliver,
		.payload = job,
	};
	struct ks_baseline_entry entry = entry_of(settings);
	struct ks_err err = { 0 };

	if (!settings->from)
		return ks_run(settings, &run);
	if (repo) {
		ks_say("'%s' is not audited: --from names a report", repo);
		return KS_EXIT_FAILED;
	}
	if (ks_baseline_read_report(
		    job->found.found, settings->from, &entry, &err) < 0)
		return fail(&err);
	return job->then(settings, &job->found);
}

int ks_baseline_with_found(const struct ks_settings *settings, const char *path,
	const char *repo, bool with_suppressed,
	int (*then)(const struct ks_settings *settings,
		struct ks_baseline_found *found))
{
	struct job job = { .then = then };
	struct ks_err err = { 0 };
	int status;
	int rc = KS_OK;

	if (settings->until && !ks_baseline_is_date(settings->until))
		rc = ks_fail(&err, KS_E_USAGE,
			"option '--until' cannot be '%s': it is a date, "
			"YYYY-MM-DD",
			settings->until);
	if (rc == KS_OK)
		rc = ks_baseline_new(&job.found.found, &err);
	if (rc == KS_OK && path)
		rc = ks_baseline_new(&job.found.old, &err);
	if (rc == KS_OK && path)
		rc = ks_baseline_read(job.found.old, path, &err);
	status = rc < 0 ? fail(&err)
			: find(settings, &job, repo, with_suppressed);
	ks_baseline_free(job.found.old);
	ks_baseline_free(job.found.found);
	return status;
}

/* What is known already keeps its line. */
static int create(
	const struct ks_settings *settings, struct ks_baseline_found *found)
{
	struct ks_baseline *out = NULL;
	struct ks_err err = { 0 };
	size_t count;
	size_t fresh = 0;
	const struct ks_baseline_entry *list =
		ks_baseline_list(found->found, &count);
	int rc = ks_baseline_new(&out, &err);

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		const struct ks_baseline_entry *old =
			found->old ? ks_baseline_find(
					     found->old, list[i].fingerprint)
				   : NULL;

		fresh += !old;
		rc = ks_baseline_add(out, old ? old : &list[i], &err);
	}
	if (rc < 0)
		fail(&err);
	else
		rc = ks_baseline_put(settings->output, out);
	if (rc == KS_OK && !settings->quiet)
		ks_say("%zu finding%s, %zu of them new", count,
			count == 1 ? "" : "s", fresh);
	ks_baseline_free(out);
	return rc < 0 ? KS_EXIT_FAILED : KS_EXIT_CLEAN;
}

int ks_cmd_baseline_create(const struct ks_settings *settings)
{
	return ks_baseline_with_found(settings, settings->baseline,
		settings->operand_count ? settings->operands[0] : NULL, false,
		create);
}

/* Of a scan that left something out it is not known what is gone. */
static int prune(
	const struct ks_settings *settings, struct ks_baseline_found *found)
{
	bool is_whole = !found->result || found->result->is_complete;
	struct ks_baseline *out = NULL;
	struct ks_err err = { 0 };
	char today[11];
	size_t count;
	size_t gone = 0;
	size_t over = 0;
	const struct ks_baseline_entry *list =
		ks_baseline_list(found->old, &count);
	int rc = ks_baseline_new(&out, &err);

	ks_baseline_today(today);
	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		if (ks_baseline_is_expired(&list[i], today))
			over++;
		else if (is_whole &&
			 !ks_baseline_find(found->found, list[i].fingerprint))
			gone++;
		else
			rc = ks_baseline_add(out, &list[i], &err);
	}
	if (rc < 0)
		fail(&err);
	else
		rc = ks_baseline_put(settings->output ? settings->output
						      : settings->operands[0],
			out);
	if (rc == KS_OK && !settings->quiet)
		ks_say("%zu not found any more, %zu run out, %zu kept", gone,
			over, count - gone - over);
	ks_baseline_free(out);
	return rc < 0 ? KS_EXIT_FAILED : KS_EXIT_CLEAN;
}

int ks_cmd_baseline_prune(const struct ks_settings *settings)
{
	return ks_baseline_with_found(settings, settings->operands[0],
		settings->operand_count > 1 ? settings->operands[1] : NULL,
		true, prune);
}

int ks_cmd_baseline_merge(const struct ks_settings *settings)
{
	struct ks_baseline *all = NULL;
	struct ks_err err = { 0 };
	int rc = ks_baseline_new(&all, &err);

	for (size_t i = 0; rc == KS_OK && i < settings->operand_count; i++)
		rc = ks_baseline_read(all, settings->operands[i], &err);
	if (rc < 0)
		fail(&err);
	else
		rc = ks_baseline_put(settings->output, all);
	ks_baseline_free(all);
	return rc < 0 ? KS_EXIT_FAILED : KS_EXIT_CLEAN;
}
