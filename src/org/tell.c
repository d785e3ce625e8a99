/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what a store knows: text, and JSON lines. */
#include "org/org.h"
#include "report/sanitize.h"
#include "store/findings.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DATE_MAX = 32,
	SHORT = 16 /* digits of a fingerprint that people are shown */
};

struct telling {
	FILE *file;
	bool as_json;
	size_t count;
	struct ks_buf line;
	const char *open_with; /* a private key; "": secrets stay redacted */
	struct ks_buf secret;
};

static const char *state_of(const struct ks_findings_row *row)
{
	if (row->is_dismissed)
		return "dismissed";
	if (row->is_new)
		return "new";
	return row->is_gone ? "gone" : "open";
}

static void date_of(char out[DATE_MAX], int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm when;

	out[0] = '\0';
	if (seconds && gmtime_r(&time, &when))
		strftime(out, DATE_MAX, "%Y-%m-%dT%H:%M:%SZ", &when);
}

static int add_safe(struct ks_buf *line, const char *text)
{
	return ks_sanitize_add(line, ks_span_str(text), 0, NULL);
}

static int flush(struct telling *telling, struct ks_err *err)
{
	struct ks_buf *line = &telling->line;

	if (fwrite(line->p, 1, line->n, telling->file) != line->n)
		return ks_fail_errno(err, errno, "writing failed");
	return KS_OK;
}

/* "new  src/a.py:3  rule  AKIA…  (in HEAD)", the repository before that. */
static int make_text(struct ks_buf *line, const struct ks_findings_row *row)
{
	const struct ks_findings_place *place = &row->place;
	int rc = ks_buf_printf(line, "%-9s  ", state_of(row));

	if (rc == KS_OK)
		rc = add_safe(line, row->repository);
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, "  ");
	if (rc == KS_OK)
		rc = add_safe(line, place->path);
	if (rc == KS_OK)
		rc = ks_buf_printf(line, ":%lld  %s  ", (long long)place->line,
			row->entry.rule);
	if (rc == KS_OK)
		rc = add_safe(line, row->entry.redacted);
	if (rc == KS_OK)
		rc = ks_buf_printf(line, "  %s  %.*s\n",
			row->is_gone     ? "in no ref"
			: place->in_head ? "in HEAD"
					 : "in history",
			(int)SHORT, row->entry.fingerprint);
	return rc;
}

/* jansson takes UTF-8 only: what is none is told visibly. */
static json_t *text_of(const char *text)
{
	json_t *value = json_string(text);
	struct ks_buf safe = { 0 };

	if (!value && add_safe(&safe, text) == KS_OK && ks_buf_str(&safe))
		value = json_string((const char *)safe.p);
	ks_buf_release(&safe);
	return value;
}

static json_t *record(const struct ks_findings_row *row)
{
	const struct ks_findings_place *place = &row->place;
	char first[DATE_MAX];
	char last[DATE_MAX];
	char date[DATE_MAX];

	date_of(first, row->first_seen);
	date_of(last, row->last_seen);
	date_of(date, place->time);
	return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:I, s:s, s:s, "
			 "s:o, s:o, s:s, s:b, s:b, s:s, s:s, s:I, s:s, s:o, "
			 "s:o, s:o}",
		"state", state_of(row), "fingerprint", row->entry.fingerprint,
		"rule", row->entry.rule, "rule_name", row->entry.rule_name,
		"confidence", row->entry.confidence, "secret",
		text_of(row->entry.redacted), "repository",
		text_of(row->repository), "line", (json_int_t)place->line,
		"blob", place->blob, "commit", place->commit, "path",
		text_of(place->path), "author", text_of(place->author), "date",
		date, "in_head", place->in_head, "gone", row->is_gone,
		"first_seen", first, "last_seen", last, "place_count",
		(json_int_t)row->place_count, "rotate", row->entry.rotate,
		"dismissed_by", text_of(row->who), "dismissed_why",
		text_of(row->why), "dismissed_until", text_of(row->until));
}

static int make_json(struct ks_buf *line, const struct ks_findings_row *row)
{
	json_t *object = record(row);
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int rc = KS_E_NOMEM;

	if (text)
		rc = ks_buf_printf(line, "%s\n", text);
	free(text);
	json_decref(object);
	return rc;
}

static int take_row(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	struct telling *telling = payload;
	struct ks_findings_row open = *row;
	int rc;

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
	return flush(telling, err);
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

int ks_org_write(struct ks_org *org, FILE *file, enum ks_org_list which,
	bool as_json, size_t *count, struct ks_err *err)
{
	struct telling telling = {
		.file = file, .as_json = as_json, .open_with = org->open_with
	};
	struct ks_findings_query query = {
		.organisation = org->id,
		.today = org->today,
		.scan = which == KS_ORG_NEWS ? org->scan : 0,
		.only_new = which != KS_ORG_ALL,
	};
	int rc = ks_findings_list(org->state, &query, take_row, &telling, err);

	*count = telling.count;
	return finish(&telling, rc, err);
}

static int take_standing(void *payload,
	const struct ks_state_standing *standing, struct ks_err *err)
{
	struct telling *telling = payload;
	struct ks_buf *line = &telling->line;
	char when[DATE_MAX];
	int rc;

	date_of(when, standing->scanned);
	ks_buf_reset(line);
	rc = add_safe(line, standing->place);
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
		rc = add_safe(line, standing->error);
	if (rc == KS_OK)
		rc = ks_buf_add_str(line, "\n");
	return rc < 0 ? ks_fail_nomem(err) : flush(telling, err);
}

int ks_org_write_status(struct ks_org *org, FILE *file, struct ks_err *err)
{
	struct telling telling = { .file = file };
	int rc = ks_state_standings(
		org->state, org->id, take_standing, &telling, err);

	return finish(&telling, rc, err);
}
