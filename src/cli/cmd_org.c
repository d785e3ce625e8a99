/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve org: scans of many repositories, and what is known of them. */
#include "cli/command.h"
#include "cli/deliver.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/watch.h"
#include "cli/wish.h"

#include <keysieve/org.h>
#include <keysieve/report.h>
#include <keysieve/rules.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whoever closed the pipe does not want to hear of it: "". */
static int fail(const struct ks_err *err)
{
	if (err->message[0])
		ks_say("%s", err->message);
	return KS_EXIT_FAILED;
}

static int open_any(struct ks_org **out, const struct ks_settings *settings,
	bool may_make, struct ks_err *err)
{
	struct ks_org_store store = {
		.place = settings->store,
		.key = settings->store_key,
	};

	return ks_org_open(out, &store, settings->operands[0], may_make, err);
}

/* The organisation that the first operand names; it has to be known. */
static int open_org(struct ks_org **out, const struct ks_settings *settings,
	struct ks_err *err)
{
	return open_any(out, settings, false, err);
}

int ks_cmd_org_add(const struct ks_settings *settings)
{
	struct ks_org *org;
	struct ks_err err = { 0 };
	struct ks_org_source source = {
		.no_archived = settings->no_archived,
		.no_forks = settings->no_forks,
		.wikis = settings->wikis,
		.include = settings->include.list,
		.include_count = settings->include.count,
		.exclude = settings->exclude.list,
		.exclude_count = settings->exclude.count,
	};
	int rc = open_any(&org, settings, true, &err);

	for (size_t i = 1; rc == KS_OK && i < settings->operand_count; i++) {
		source.place = settings->operands[i];
		rc = ks_org_add(org, &source, &err);
	}
	ks_org_close(org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

int ks_cmd_org_remove(const struct ks_settings *settings)
{
	struct ks_org *org;
	struct ks_err err = { 0 };
	int rc = open_org(&org, settings, &err);

	for (size_t i = 1; rc == KS_OK && i < settings->operand_count; i++)
		rc = ks_org_remove(org, settings->operands[i], &err);
	ks_org_close(org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

static int read_states(
	unsigned *out, const struct ks_words *words, struct ks_err *err)
{
	static const char *const names[] = { "new", "open", "gone",
		"dismissed" };

	for (size_t i = 0; i < words->count; i++) {
		size_t at = 0;

		while (at < 4 && strcmp(words->list[i], names[at]) != 0)
			at++;
		if (at == 4)
			return ks_fail(err, KS_E_USAGE,
				"option '--state' cannot be '%s': it is new, "
				"open, gone or dismissed",
				words->list[i]);
		*out |= 1U << at;
	}
	return KS_OK;
}

static int read_filter(struct ks_org_filter *out,
	const struct ks_settings *settings, struct ks_err *err)
{
	*out = (struct ks_org_filter){
		.list = settings->only_new ? KS_ORG_NEW : KS_ORG_ALL,
		.repository = settings->repository,
		.rule = settings->rule,
		.since = settings->since,
		.min_confidence = settings->min_confidence,
	};
	return read_states(&out->states, &settings->states, err);
}

/* What is asked of an organisation. */
struct question {
	struct ks_org *org;
	const struct ks_settings *settings;
};

static int write_findings(FILE *file, void *payload, struct ks_err *err)
{
	const struct question *question = payload;
	const struct ks_settings *settings = question->settings;
	bool as_json = settings->format == KS_FORMAT_JSONL;
	struct ks_org_filter filter;
	size_t count = 0;
	int rc = read_filter(&filter, settings, err);

	if (rc == KS_OK)
		rc = ks_org_write(
			question->org, file, &filter, as_json, &count, err);
	if (rc == KS_OK && !as_json && !settings->quiet)
		ks_say("%zu finding%s", count, count == 1 ? "" : "s");
	return rc;
}

/* In a format that is a scan's. */
static int report_findings(struct ks_org *org,
	const struct ks_settings *settings, struct ks_err *err)
{
	struct ks_result *result = NULL;
	struct ks_rules *rules = NULL;
	struct ks_org_filter filter;
	int rc = read_filter(&filter, settings, err);

	if (rc == KS_OK)
		rc = ks_output_check(settings->output, err);
	if (rc == KS_OK)
		rc = ks_rules_load(&rules, NULL, 0, err);
	if (rc == KS_OK)
		rc = ks_org_report(
			&result, org, settings->operands[0], &filter, err);
	if (rc == KS_OK)
		rc = ks_deliver_report(settings, result, rules, err);
	ks_org_report_free(result);
	ks_rules_free(rules);
	return rc;
}

static int write_status(FILE *file, void *payload, struct ks_err *err)
{
	const struct question *question = payload;

	return ks_org_write_status(question->org, file, err);
}

static int write_sources(FILE *file, void *payload, struct ks_err *err)
{
	const struct question *question = payload;

	return ks_org_write_sources(question->org, file, err);
}

static int write_history(FILE *file, void *payload, struct ks_err *err)
{
	const struct question *question = payload;
	const struct ks_settings *settings = question->settings;

	return ks_org_write_history(question->org, file,
		settings->operand_count > 1 ? settings->operands[1] : NULL,
		settings->since, settings->format == KS_FORMAT_JSONL, err);
}

/* The answer goes where ${settings} say. */
static int answer(const struct ks_settings *settings, ks_output_writer *write)
{
	struct question question = { .settings = settings };
	struct ks_err err = { 0 };
	int rc = open_org(&question.org, settings, &err);

	if (rc == KS_OK)
		rc = ks_output_put(settings->output, write, &question, &err);
	ks_org_close(question.org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

int ks_cmd_org_sources(const struct ks_settings *settings)
{
	return answer(settings, write_sources);
}

int ks_cmd_org_status(const struct ks_settings *settings)
{
	return answer(settings, write_status);
}

int ks_cmd_org_history(const struct ks_settings *settings)
{
	return answer(settings, write_history);
}

int ks_cmd_org_findings(const struct ks_settings *settings)
{
	struct question question = { .settings = settings };
	struct ks_err err = { 0 };
	int rc = open_org(&question.org, settings, &err);

	if (rc == KS_OK && settings->secret_key)
		rc = ks_org_show_secrets(
			question.org, settings->secret_key, &err);
	if (rc == KS_OK && (settings->format == KS_FORMAT_TEXT ||
				   settings->format == KS_FORMAT_JSONL))
		rc = ks_output_put(
			settings->output, write_findings, &question, &err);
	else if (rc == KS_OK)
		rc = report_findings(question.org, settings, &err);
	ks_org_close(question.org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

/* What a scan is to tell, and how much that was. */
struct news {
	struct ks_org *org;
	size_t count;
};

static const char *webhook_of(const struct ks_settings *settings)
{
	const char *url = settings->webhook ? settings->webhook
					    : getenv("KEYSIEVE_WEBHOOK");

	return url && *url ? url : NULL;
}

/* Before it is told here: what it does not take is told again. */
static int call_webhook(const struct news *news,
	const struct ks_settings *settings, struct ks_err *err)
{
	struct ks_org_hook hook = {
		.org = settings->operands[0],
		.url = webhook_of(settings),
		.key = getenv("KEYSIEVE_WEBHOOK_KEY"),
		.cancel = ks_signals_cancel(),
	};

	return hook.url ? ks_org_notify(news->org, &hook, err) : KS_OK;
}

static int write_news(struct news *news, const struct ks_settings *settings,
	struct ks_err *err)
{
	const struct ks_org_filter filter = { .list = KS_ORG_NEWS };
	struct ks_output output;
	int rc = ks_output_open(&output, NULL, err);

	if (rc < 0)
		return rc;
	rc = ks_org_write(news->org, output.file, &filter,
		settings->format == KS_FORMAT_JSONL, &news->count, err);
	if (rc < 0)
		ks_output_abandon(&output);
	else
		rc = ks_output_finish(&output, err);
	return rc;
}

/* Only what was told need not be told again. */
static int tell_news(struct news *news, const struct ks_settings *settings,
	struct ks_err *err)
{
	int rc = call_webhook(news, settings, err);
	int told;

	if (rc == KS_OK)
		rc = write_news(news, settings, err);
	told = ks_org_told(news->org, rc == KS_OK, rc == KS_OK ? err : NULL);
	return rc < 0 ? rc : told;
}

static void summarise(const struct ks_settings *settings,
	const struct ks_org_tally *tally, size_t news)
{
	for (size_t i = 0; i < tally->trouble_count; i++)
		ks_say("%s: %s", tally->troubles[i].where,
			tally->troubles[i].why);
	if (settings->quiet)
		return;
	ks_say("%zu new finding%s; %zu repositories unchanged, %zu with "
	       "something new, %zu scanned in full, %zu not scanned",
		news, news == 1 ? "" : "s", tally->unchanged, tally->followed,
		tally->audited, tally->trouble_count);
}

static int scan(const struct ks_settings *settings,
	const struct ks_scan_options *options, void *payload,
	struct ks_err *err)
{
	struct news news = { .org = payload };
	struct ks_scan_options watched = *options;
	struct ks_watch watch = { .bar = options->payload,
		.as_json = settings->events };
	struct ks_org_wish wish = ks_wish_of(settings, &watched, &watch);
	struct ks_org_tally tally;
	int rc;

	watched.progress = ks_watch_progress;
	watched.payload = &watch;
	rc = ks_org_scan(news.org, &wish, &tally, err);
	ks_progress_end(watch.bar);

	if (rc < 0 && *ks_signals_cancel())
		rc = ks_fail(err, KS_E_INTERRUPTED,
			"interrupted: the next scan goes on from here");
	if (rc == KS_OK)
		rc = tell_news(&news, settings, err);
	if (rc == KS_OK && settings->metrics)
		rc = ks_org_measure(news.org, settings->operands[0], &tally,
			news.count, settings->metrics, err);
	if (rc < 0)
		return KS_EXIT_FAILED;
	ks_watch_end(&watch, &tally, news.count);
	summarise(settings, &tally, news.count);
	if (news.count)
		return KS_EXIT_FOUND;
	return tally.trouble_count ? KS_EXIT_INCOMPLETE : KS_EXIT_CLEAN;
}

int ks_cmd_org_scan(const struct ks_settings *settings)
{
	struct ks_run run = { .work = scan, .trusts_none = true };
	struct ks_org *org;
	struct ks_err err = { 0 };
	int status;

	/* Sooner than after hours of scanning. */
	if (webhook_of(settings) &&
		ks_org_check_hook(webhook_of(settings), &err) < 0)
		return fail(&err);
	if (open_org(&org, settings, &err) < 0)
		return fail(&err);
	run.payload = org;
	status = ks_run(settings, &run);
	ks_org_close(org);
	return status;
}

/* cron(8) and containers set no USER. */
static const char *user_name(void)
{
	const char *name = getenv("USER");
	const struct passwd *entry = name && *name ? NULL : getpwuid(geteuid());

	return name && *name ? name : entry ? entry->pw_name : "";
}

int ks_cmd_org_dismiss(const struct ks_settings *settings)
{
	struct ks_org *org = NULL;
	struct ks_err err = { 0 };
	int rc = settings->why && settings->why[0]
			 ? open_org(&org, settings, &err)
			 : ks_fail(&err, KS_E_USAGE,
				   "say why it need not be told: --why TEXT");

	for (size_t i = 1; rc == KS_OK && i < settings->operand_count; i++)
		rc = ks_org_dismiss(org, settings->operands[i],
			settings->who ? settings->who : user_name(),
			settings->why, settings->until, &err);
	ks_org_close(org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

int ks_cmd_org_reopen(const struct ks_settings *settings)
{
	struct ks_org *org;
	struct ks_err err = { 0 };
	int rc = open_org(&org, settings, &err);

	for (size_t i = 1; rc == KS_OK && i < settings->operand_count; i++)
		rc = ks_org_reopen(org, settings->operands[i], &err);
	ks_org_close(org);
	return rc < 0 ? fail(&err) : KS_EXIT_CLEAN;
}

int ks_cmd_org_keygen(const struct ks_settings *settings)
{
	const char *path = settings->operands[0];
	struct ks_err err = { 0 };

	if (ks_org_make_keys(path, &err) < 0)
		return fail(&err);
	ks_say("%s.pub: give it to 'keysieve org scan --store-secrets'", path);
	ks_say("%s: keep it where the store is not", path);
	return KS_EXIT_CLEAN;
}
