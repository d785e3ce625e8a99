/* SPDX-License-Identifier: Apache-2.0 */
/* Telling others what a scan found: a webhook, and figures. */
#include "notify/metrics.h"
#include "notify/webhook.h"
#include "org/org.h"
#include "store/findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	ID_MAX = KS_STATE_DIGEST + 24
};

/* What the scan is to tell of, from the first that was not delivered. */
struct walk {
	struct ks_org *org;
	size_t delivered;
	size_t seen;
	size_t given;
	size_t max;
	int (*add)(void *to, const struct ks_news *news, struct ks_err *err);
	void *to;
};

static int give(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	struct walk *walk = payload;
	char id[ID_MAX];
	char seen[32];
	const time_t when = (time_t)row->first_seen;
	struct tm date;
	struct ks_news news = { .id = id,
		.state = row->first_seen == row->last_seen ? "new" : "back",
		.fingerprint = row->entry.fingerprint,
		.rule = row->entry.rule,
		.rule_name = row->entry.rule_name,
		.redacted = row->entry.redacted,
		.repository = row->repository,
		.path = row->place.path,
		.commit = row->place.commit,
		.rotate = row->entry.rotate,
		.seen = seen,
		.line = row->place.line > 0 ? (uint64_t)row->place.line : 0,
		.confidence = row->entry.confidence };

	if (walk->seen++ < walk->delivered || walk->given == walk->max)
		return KS_OK;
	walk->given++;
	/* One that comes back is news once more. */
	snprintf(id, sizeof(id), "%s-%" PRId64, row->entry.fingerprint,
		walk->org->scan);
	if (!gmtime_r(&when, &date) ||
		!strftime(seen, sizeof(seen), "%Y-%m-%dT%H:%M:%SZ", &date))
		seen[0] = '\0';
	return walk->add(walk->to, &news, err);
}

static int each(void *payload, size_t max,
	int (*add)(void *to, const struct ks_news *news, struct ks_err *err),
	void *to, struct ks_err *err)
{
	struct walk *walk = payload;
	struct ks_findings_query query = { .organisation = walk->org->id,
		.today = walk->org->today,
		.scan = walk->org->scan };

	walk->seen = 0;
	walk->given = 0;
	walk->max = max;
	walk->add = add;
	walk->to = to;
	return ks_findings_list(walk->org->state, &query, give, walk, err);
}

static int delivered(
	void *payload, const char *const *ids, size_t count, struct ks_err *err)
{
	struct walk *walk = payload;

	(void)ids;
	(void)err;
	walk->delivered += count;
	return KS_OK;
}

int ks_org_notify(
	struct ks_org *org, const struct ks_org_hook *hook, struct ks_err *err)
{
	struct ks_http_options options = { .cancel = hook->cancel };
	struct walk walk = { .org = org };
	struct ks_outbox outbox = { each, delivered, &walk };
	struct ks_webhook webhook = { 0 };
	size_t sent;
	int rc = ks_webhook_parse(&webhook, hook->url, err);

	webhook.org = hook->org;
	webhook.key = hook->key && *hook->key ? hook->key : NULL;
	return rc == KS_OK && org->scan ? ks_webhook_flush(&webhook, &outbox,
						  &options, &sent, err)
					: rc;
}

int ks_org_check_hook(const char *url, struct ks_err *err)
{
	struct ks_webhook hook = { 0 };

	return ks_webhook_parse(&hook, url, err);
}

int ks_org_measure(struct ks_org *org, const char *name,
	const struct ks_org_tally *tally, size_t news, const char *path,
	struct ks_err *err)
{
	static const char findings[] = "Secrets known, by what became of them.";
	static const char repositories[] =
		"Repositories of the last scan, by how much of each was read.";
	struct ks_findings_counts counts;
	const char *const of[] = { "organisation", name, NULL };
#define LABELS(key, value)                                                     \
	(const char *const[])                                                  \
	{                                                                      \
		"organisation", name, key, value, NULL                         \
	}
	int rc = ks_findings_count(
		org->state, org->id, org->today, &counts, err);

	if (rc < 0)
		return rc;
	const struct ks_metric list[] = {
		{ "keysieve_findings", findings, false, LABELS("state", "open"),
			(double)counts.open },
		{ "keysieve_findings", findings, false,
			LABELS("state", "dismissed"),
			(double)counts.dismissed },
		{ "keysieve_findings", findings, false, LABELS("state", "gone"),
			(double)counts.gone },
		{ "keysieve_new_findings",
			"Secrets that the last scan told of.", false, of,
			(double)news },
		{ "keysieve_repositories", repositories, false,
			LABELS("scan", "unchanged"), (double)tally->unchanged },
		{ "keysieve_repositories", repositories, false,
			LABELS("scan", "followed"), (double)tally->followed },
		{ "keysieve_repositories", repositories, false,
			LABELS("scan", "audited"), (double)tally->audited },
		{ "keysieve_troubles",
			"What the last scan could not read, or not all of it.",
			false, of, (double)tally->trouble_count },
		{ "keysieve_last_scan_timestamp_seconds",
			"When the last scan came to its end.", false, of,
			(double)time(NULL) },
	};
#undef LABELS
	return ks_metrics_write(path, list, sizeof(list) / sizeof(*list), err);
}
