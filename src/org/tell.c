/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what a store knows: text, and JSON lines. */
#include "org/org.h"
#include "org/words.h"
#include "report/sanitize.h"
#include "store/findings.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct telling {
	FILE *file;
	bool as_json;
	size_t count;
	struct ks_buf line;
	const struct ks_org_filter *filter;
	const char *open_with; /* a private key; "": secrets stay redacted */
	struct ks_buf secret;
};

static unsigned state_of(const struct ks_findings_row *row)
{
	if (row->is_dismissed)
		return KS_ORG_STATE_DISMISSED;
	if (row->is_new)
		return KS_ORG_STATE_NEW;
	return row->is_gone ? KS_ORG_STATE_GONE : KS_ORG_STATE_OPEN;
}

static const char *state_name(const struct ks_findings_row *row)
{
	switch (state_of(row)) {
	case KS_ORG_STATE_DISMISSED:
		return "dismissed";
	case KS_ORG_STATE_NEW:
		return "new";
	case KS_ORG_STATE_GONE:
		return "gone";
	default:
		return "open";
	}
}

/* "new  src/a.py:3  rule  AKIA…  (in HEAD)", the repository before that. */
static int make_text(struct ks_buf *line, const struct ks_findings_row *row)
{
	const struct ks_findings_place *place = &row->place;
	int rc = ks_buf_printf(line, "%-9s  ", state_name(row));

	if (rc == KS_OK)
		rc = ks_org_add_safe(line, row->repository);
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, "  ");
	if (rc == KS_OK)
		rc = ks_org_add_safe(line, place->path);
	if (rc == KS_OK)
		rc = ks_buf_printf(line, ":%lld  %s  ", (long long)place->line,
			row->entry.rule);
	if (rc == KS_OK)
		rc = ks_org_add_safe(line, row->entry.redacted);
	if (rc == KS_OK)
		rc = ks_buf_printf(line, "  %s  %.*s\n",
			row->is_gone     ? "in no ref"
			: place->in_head ? "in HEAD"
					 : "in history",
			KS_ORG_SHORT, row->entry.fingerprint);
	return rc;
}

static json_t *record(const struct ks_findings_row *row)
{
	const struct ks_findings_place *place = &row->place;
	char first[KS_ORG_DATE];
	char last[KS_ORG_DATE];
	char date[KS_ORG_DATE];

	ks_org_date(first, row->first_seen);
	ks_org_date(last, row->last_seen);
	ks_org_date(date, place->time);
	return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:I, s:s, s:s, "
			 "s:o, s:o, s:s, s:b, s:b, s:s, s:s, s:I, s:s, s:o, "
			 "s:o, s:o}",
		"state", state_name(row), "fingerprint", row->entry.fingerprint,
		"rule", row->entry.rule, "rule_name", row->entry.rule_name,
		"confidence", row->entry.confidence, "secret",
		ks_org_json(row->entry.redacted), "repository",
		ks_org_json(row->repository), "line", (json_int_t)place->line,
		"blob", place->blob, "commit", place->commit, "path",
		ks_org_json(place->path), "author", ks_org_json(place->author),
		"date", date, "in_head", place->in_head, "gone", row->is_gone,
		"first_seen", first, "last_seen", last, "place_count",
		(json_int_t)row->place_count, "rotate", row->entry.rotate,
		"dismissed_by", ks_org_json(row->who), "dismissed_why",
		ks_org_json(row->why), "dismissed_until",
		ks_org_json(row->until));
}

static int make_json(struct ks_buf *line, const struct ks_findings_row *row)
{
	return ks_org_add_json(line, record(row));
}

static int take_row(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	struct telling *telling = payload;
	struct ks_findings_row open = *row;
	int rc;

	if (!ks_org_is_wanted(telling->filter, row))
		return KS_OK;
	ks_buf_reset(&telling->line);
	if (telling->open_with[0] && row->entry.sealed[0]) {
		rc = ks_seal_open(&telling->secret, telling->open_with,
			row->entry.sealed, err);
		if (rc < 0)
			return rc;
		open.entry.redacted = (const char *)telling->secret.p;
	}
	rc = telling->as_json ? make_json(&telling->line, &open)
			      : make_text(&telling->line, &open);
	if (rc < 0)
		return ks_fail_nomem(err);
	telling->count++;
	return ks_org_put(telling->file, &telling->line, err);
}

static int finish(struct telling *telling, int rc, struct ks_err *err)
{
	if (telling->secret.p)
		explicit_bzero(telling->secret.p, telling->secret.cap);
	ks_buf_release(&telling->secret);
	ks_buf_release(&telling->line);
	if (rc == KS_OK && (fflush(telling->file) || ferror(telling->file)))
		return ks_fail_errno(err, errno, "writing failed");
	return rc;
}

int ks_org_query(const struct ks_org *org, const struct ks_org_filter *filter,
	struct ks_findings_query *query, struct ks_err *err)
{
	*query = (struct ks_findings_query){
		.organisation = org->id,
		.today = org->today,
		.scan = filter->list == KS_ORG_NEWS ? org->scan : 0,
		.only_new = filter->list != KS_ORG_ALL,
		.repository = filter->repository,
		.rule = filter->rule,
		.min_confidence = filter->min_confidence,
	};
	return filter->since ? ks_org_day(&query->since, filter->since, err)
			     : KS_OK;
}

bool ks_org_is_wanted(
	const struct ks_org_filter *filter, const struct ks_findings_row *row)
{
	return !filter->states || (filter->states & state_of(row));
}

int ks_org_write(struct ks_org *org, FILE *file,
	const struct ks_org_filter *filter, bool as_json, size_t *count,
	struct ks_err *err)
{
	struct telling telling = { .file = file,
		.as_json = as_json,
		.filter = filter,
		.open_with = org->open_with };
	struct ks_findings_query query = { 0 };
	int rc = ks_org_query(org, filter, &query, err);

	if (rc == KS_OK)
		rc = ks_findings_list(
			org->state, &query, take_row, &telling, err);
	*count = telling.count;
	return finish(&telling, rc, err);
}

static int take_standing(void *payload,
	const struct ks_state_standing *standing, struct ks_err *err)
{
	struct telling *telling = payload;
	struct ks_buf *line = &telling->line;
	char when[KS_ORG_DATE];
	int rc;

	ks_org_date(when, standing->scanned);
	ks_buf_reset(line);
	rc = ks_org_add_safe(line, standing->place);
	if (rc == KS_OK)
		rc = ks_buf_printf(line, "  %s  %llu finding%s",
			when[0] ? when : "never scanned",
			(unsigned long long)standing->live,
			standing->live == 1 ? "" : "s");
	if (rc == KS_OK && standing->lacking[0])
		rc = ks_buf_printf(line, "  %s", standing->lacking);
	if (rc == KS_OK && standing->error[0])
		rc = ks_buf_add_str(line, "  failed: ");
	if (rc == KS_OK)
		rc = ks_org_add_safe(line, standing->error);
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, "\n");
	return rc < 0 ? ks_fail_nomem(err)
		      : ks_org_put(telling->file, line, err);
}

int ks_org_write_status(struct ks_org *org, FILE *file, struct ks_err *err)
{
	struct telling telling = { .file = file };
	int rc = ks_state_standings(
		org->state, org->id, take_standing, &telling, err);

	return finish(&telling, rc, err);
}

/* "github:acme  no-forks, exclude x*". */
static int take_source(void *payload, const char *text, const char *options,
	struct ks_err *err)
{
	struct telling *telling = payload;
	struct ks_buf *line = &telling->line;
	int rc;

	ks_buf_reset(line);
	rc = ks_org_add_safe(line, text);
	for (const char *p = options; rc == KS_OK && *p;) {
		size_t n = strcspn(p, "\n");

		rc = ks_buf_add_str(line, p == options ? "  " : ", ");
		if (rc == KS_OK)
			rc = ks_sanitize_add(line, ks_span_of(p, n), 0, NULL);
		p += n + (p[n] != '\0');
	}
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, "\n");
	return rc < 0 ? ks_fail_nomem(err)
		      : ks_org_put(telling->file, line, err);
}

int ks_org_write_sources(struct ks_org *org, FILE *file, struct ks_err *err)
{
	struct telling telling = { .file = file };
	int rc = ks_state_sources(
		org->state, org->id, take_source, &telling, err);

	return finish(&telling, rc, err);
}
