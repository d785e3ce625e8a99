/* SPDX-License-Identifier: Apache-2.0 */
/* What a store knows, as a result that every format can tell. */
#include "base/array.h"
#include "org/org.h"
#include "org/words.h"
#include "store/findings.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES_MAX = 100 /* of one finding that are told */
};

/* What ks_org_report_free() frees; the result is its first member. */
struct box {
	struct ks_result result;
	struct ks_arena arena;
	struct ks_finding *findings;
	size_t count;
	size_t cap;
	struct ks_finding *dismissed;
	size_t dismissed_count;
	size_t dismissed_cap;
};

struct making {
	struct ks_org *org;
	const struct ks_org_filter *filter;
	struct box *box;
	/* Of the finding that is made. */
	struct ks_occurrence places[PLACES_MAX];
	size_t place_count;
	struct ks_buf text;
};

static const char *copy(struct making *making, const char *text)
{
	return ks_arena_copy(&making->box->arena, ks_span_str(text));
}

/* "acme/web/src/a.py": the end of where a repository is says enough. */
static const char *path_of(
	struct making *making, const char *repository, const char *path)
{
	const char *from = repository + strlen(repository);
	size_t n;

	for (int slashes = 0; from > repository; from--) {
		if (from[-1] == '/' && from[0] && ++slashes == 2)
			break;
	}
	n = strlen(from);
	if (n > 4 && strcmp(from + n - 4, ".git") == 0)
		n -= 4;
	ks_buf_reset(&making->text);
	if (ks_buf_printf(&making->text, "%.*s/%s", (int)n, from, path) < 0)
		return NULL;
	return ks_arena_copy(&making->box->arena, ks_buf_span(&making->text));
}

static int take_place(void *payload, const struct ks_findings_place *place,
	const char *repository, struct ks_err *err)
{
	struct making *making = payload;
	struct ks_occurrence *out = &making->places[making->place_count];

	if (making->place_count == PLACES_MAX)
		return KS_OK;
	*out = (struct ks_occurrence){
		.path = path_of(making, repository, place->path),
		.blob = copy(making, place->blob),
		.line = (uint64_t)place->line,
		/* The store has lines only. */
		.column = 1,
		.end_line = (uint64_t)place->line,
		.end_column = 1,
		.encoding = "",
		.snippet = "",
		.commit = copy(making, place->commit),
		.author = copy(making, place->author),
		.email = copy(making, place->email),
		.time = place->time,
		.message = "",
		.in_head = place->in_head,
		.is_reachable = !place->gone,
	};
	if (!out->path || !out->blob || !out->commit || !out->author ||
		!out->email)
		return ks_fail_nomem(err);
	making->place_count++;
	return KS_OK;
}

static int make_finding(struct making *making, struct ks_finding *out,
	const struct ks_findings_row *row, struct ks_err *err)
{
	struct ks_arena *arena = &making->box->arena;
	size_t bytes;
	struct ks_occurrence *places;
	int rc;

	making->place_count = 0;
	rc = ks_findings_places_of(making->org->state, row->id, PLACES_MAX,
		take_place, making, err);
	if (rc < 0)
		return rc;
	places =
		ks_arena_array(arena, making->place_count + 1, sizeof(*places));
	*out = (struct ks_finding){
		.fingerprint = copy(making, row->entry.fingerprint),
		.rule = copy(making, row->entry.rule),
		.rule_name = copy(making, row->entry.rule_name),
		.rotate = copy(making, row->entry.rotate),
		.secret = copy(making, row->entry.redacted),
		.redacted = copy(making, row->entry.redacted),
		.confidence = row->entry.confidence,
		.pair = "",
		.occurrences = places,
		.occurrence_count = making->place_count,
		.place_count = (size_t)row->place_count,
		.in_head = row->place.in_head,
		.is_suppressed = row->is_dismissed,
		.suppression = KS_SUPPRESSED_BASELINE,
		.reason = copy(making, row->why),
	};
	if (!places || !out->fingerprint || !out->rule || !out->rule_name ||
		!out->rotate || !out->secret || !out->redacted || !out->reason)
		return ks_fail_nomem(err);
	bytes = making->place_count * sizeof(*places);
	if (bytes)
		memcpy(places, making->places, bytes);
	out->secret_length = strlen(out->secret);
	return KS_OK;
}

static int take_row(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	struct making *making = payload;
	struct box *box = making->box;
	struct ks_finding finding;
	int rc;

	if (!ks_org_is_wanted(making->filter, row))
		return KS_OK;
	rc = make_finding(making, &finding, row, err);
	if (rc < 0)
		return rc;
	if (row->is_dismissed) {
		if (ks_array_reserve(&box->dismissed, &box->dismissed_cap,
			    box->dismissed_count + 1, sizeof(finding)) < 0)
			return ks_fail_nomem(err);
		box->dismissed[box->dismissed_count++] = finding;
		box->result.suppressed.findings[KS_SUPPRESSED_BASELINE]++;
		return KS_OK;
	}
	if (ks_array_reserve(&box->findings, &box->cap, box->count + 1,
		    sizeof(finding)) < 0)
		return ks_fail_nomem(err);
	box->findings[box->count++] = finding;
	return KS_OK;
}

/* As a scan sorts them: what stands in HEAD first, then the surest. */
static int by_weight(const void *a, const void *b)
{
	const struct ks_finding *left = a;
	const struct ks_finding *right = b;

	if (left->in_head != right->in_head)
		return left->in_head ? -1 : 1;
	if (left->confidence > right->confidence ||
		left->confidence < right->confidence)
		return left->confidence > right->confidence ? -1 : 1;
	return strcmp(left->occurrences[0].path, right->occurrences[0].path);
}

int ks_org_report(struct ks_result **out, struct ks_org *org, const char *name,
	const struct ks_org_filter *filter, struct ks_err *err)
{
	struct making making = { .org = org, .filter = filter };
	struct ks_findings_query query = { 0 };
	struct box *box = calloc(1, sizeof(*box));
	int rc;

	*out = NULL;
	if (!box)
		return ks_fail_nomem(err);
	making.box = box;
	rc = ks_org_query(org, filter, &query, err);
	if (rc == KS_OK)
		rc = ks_findings_list(
			org->state, &query, take_row, &making, err);
	ks_buf_release(&making.text);
	box->result.source = ks_arena_copy(&box->arena, ks_span_str(name));
	box->result.suppressed.config_ignored = "";
	box->result.is_repository = true;
	box->result.is_complete = true;
	if (rc == KS_OK && !box->result.source)
		rc = ks_fail_nomem(err);
	if (rc < 0) {
		ks_org_report_free(&box->result);
		return rc;
	}
	if (box->count)
		qsort(box->findings, box->count, sizeof(*box->findings),
			by_weight);
	box->result.findings = box->findings;
	box->result.finding_count = box->count;
	box->result.suppressed_findings = box->dismissed;
	box->result.suppressed_count = box->dismissed_count;
	*out = &box->result;
	return KS_OK;
}

void ks_org_report_free(struct ks_result *result)
{
	struct box *box = (struct box *)result;

	if (!box)
		return;
	ks_arena_release(&box->arena);
	free(box->findings);
	free(box->dismissed);
	free(box);
}
