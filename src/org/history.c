/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what happened: text, and JSON lines. */
#include "org/org.h"
#include "org/words.h"
#include "report/sanitize.h"
#include "store/events.h"
#include "store/findings.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct history {
	FILE *file;
	bool as_json;
	struct ks_buf line;
};

static int add_scan(struct ks_buf *line, const struct ks_event *event)
{
	const struct ks_events_scan *counts = &event->counts;

	return ks_buf_printf(line,
		"%lld new; repositories: %lld unchanged, %lld with something "
		"new, %lld in full, %lld not scanned; %lld s",
		(long long)counts->news, (long long)counts->unchanged,
		(long long)counts->followed, (long long)counts->audited,
		(long long)counts->failed,
		(long long)(event->time - event->begun));
}

/* "rule  AKIA…  repository  fingerprint  (who: why)". */
static int add_finding(struct ks_buf *line, const struct ks_event *event)
{
	int rc = ks_buf_printf(line, "%s  ", event->rule);

	if (rc == KS_OK)
		rc = ks_org_add_safe(line, event->redacted);
	if (rc == KS_OK && event->repository[0])
		rc = ks_buf_add_str(line, "  ");
	if (rc == KS_OK)
		rc = ks_org_add_safe(line, event->repository);
	if (rc == KS_OK)
		rc = ks_buf_printf(
			line, "  %.*s", KS_ORG_SHORT, event->fingerprint);
	if (rc < 0 || (!event->who[0] && !event->why[0]))
		return rc;
	rc = ks_buf_add_str(line, "  ");
	if (rc == KS_OK)
		rc = ks_org_add_safe(line, event->who);
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, ": ");
	return rc == KS_OK ? ks_org_add_safe(line, event->why) : rc;
}

static int make_text(struct ks_buf *line, const struct ks_event *event)
{
	char date[KS_ORG_DATE];
	int rc;

	ks_org_date(date, event->time);
	rc = ks_buf_printf(line, "%s  %-9s  ", date, event->kind);
	if (rc == KS_OK)
		rc = event->fingerprint[0] ? add_finding(line, event)
					   : add_scan(line, event);
	return rc == KS_OK ? ks_buf_add_str(line, "\n") : rc;
}

static json_t *scan_record(const struct ks_event *event, const char *date)
{
	const struct ks_events_scan *counts = &event->counts;

	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "event",
		event->kind, "time", date, "seconds",
		(json_int_t)(event->time - event->begun), "new",
		(json_int_t)counts->news, "unchanged",
		(json_int_t)counts->unchanged, "followed",
		(json_int_t)counts->followed, "audited",
		(json_int_t)counts->audited, "failed",
		(json_int_t)counts->failed);
}

static json_t *finding_record(const struct ks_event *event, const char *date)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "event",
		event->kind, "time", date, "fingerprint", event->fingerprint,
		"rule", event->rule, "secret", ks_org_json(event->redacted),
		"repository", ks_org_json(event->repository), "who",
		ks_org_json(event->who), "why", ks_org_json(event->why));
}

static int make_json(struct ks_buf *line, const struct ks_event *event)
{
	char date[KS_ORG_DATE];
	json_t *object;

	ks_org_date(date, event->time);
	object = event->fingerprint[0] ? finding_record(event, date)
				       : scan_record(event, date);
	return ks_org_add_json(line, object);
}

static int take_event(
	void *payload, const struct ks_event *event, struct ks_err *err)
{
	struct history *history = payload;
	struct ks_buf *line = &history->line;

	ks_buf_reset(line);
	if ((history->as_json ? make_json(line, event)
			      : make_text(line, event)) < 0)
		return ks_fail_nomem(err);
	return ks_org_put(history->file, line, err);
}

int ks_org_write_history(struct ks_org *org, FILE *file,
	const char *fingerprint, const char *since, bool as_json,
	struct ks_err *err)
{
	struct history history = { .file = file, .as_json = as_json };
	struct ks_events_query query = { .organisation = org->id };
	char whole[KS_STATE_DIGEST];
	int rc = KS_OK;

	if (since)
		rc = ks_org_day(&query.since, since, err);
	if (rc == KS_OK && fingerprint) {
		rc = ks_org_find(org, fingerprint, whole, err);
		query.fingerprint = whole;
	}
	if (rc == KS_OK)
		rc = ks_events_list(
			org->state, &query, take_event, &history, err);
	ks_buf_release(&history.line);
	if (rc == KS_OK && (fflush(file) || ferror(file)))
		return ks_fail_errno(err, errno, "writing failed");
	return rc;
}
