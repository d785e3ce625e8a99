/* SPDX-License-Identifier: Apache-2.0 */
/* From all that was gathered to a struct ks_result. */
#include "scan/result.h"

#include "scan/assembly.h"
#include "scan/notices.h"
#include "scan/removals.h"
#include "scan/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	READER_CACHE = 8 << 20 /* bytes */
};

/* What ks_result_free() frees; the result is its first member. */
struct box {
	struct ks_result result;
	struct ks_arena arena;
};

/* What making a result needs for a while. */
struct making {
	struct ks_gather *gather;
	struct box *box;
	struct ks_origins origins;
	struct ks_people people;
	struct ks_hide hide;
	struct ks_snippets snippets;
	struct ks_reader *reader;
	struct ks_assembly assembly;
	struct ks_suppress suppress;
	struct ks_finding *findings;
	size_t finding_count;
	struct ks_finding *suppressed; /* NULL: not to be listed */
	size_t suppressed_count;
};

static int compare_names(const char *left, const char *right)
{
	return strcmp(left ? left : "", right ? right : "");
}

static int by_place(const struct ks_where *left, const struct ks_where *right)
{
	int order = memcmp(left->oid.id, right->oid.id, KS_OID_MAX);

	if (!order)
		order = compare_names(left->name, right->name);
	return order ? order : compare_names(left->inside, right->inside);
}

/* qsort_r's argument is the making. */
static int by_secret_and_age(const void *a, const void *b, void *payload)
{
	const struct making *making = payload;
	const struct ks_hit *left = a;
	const struct ks_hit *right = b;
	uint32_t left_age;
	uint32_t right_age;
	int order;

	if (left->secret != right->secret)
		return left->secret < right->secret ? -1 : 1;
	left_age = ks_assembly_age(&making->assembly, left);
	right_age = ks_assembly_age(&making->assembly, right);
	if (left_age != right_age)
		return left_age < right_age ? -1 : 1;
	order = by_place(&making->gather->hits.where[left->where],
		&making->gather->hits.where[right->where]);
	if (order)
		return order;
	return (left->offset > right->offset) - (left->offset < right->offset);
}

static int by_urgency(const void *a, const void *b)
{
	const struct ks_finding *left = a;
	const struct ks_finding *right = b;
	const struct ks_occurrence *here = left->occurrences;
	const struct ks_occurrence *there = right->occurrences;
	int order;

	if (left->in_head != right->in_head)
		return left->in_head ? -1 : 1;
	if (left->confidence != right->confidence)
		return left->confidence > right->confidence ? -1 : 1;
	order = strcmp(here->path, there->path);
	if (order)
		return order;
	if (here->line != there->line)
		return here->line < there->line ? -1 : 1;
	if (here->column != there->column)
		return here->column < there->column ? -1 : 1;
	return strcmp(left->fingerprint, right->fingerprint);
}

/* The finding of one secret, whose hits are given, to its list. */
static int make_finding(struct making *making, struct ks_hit *hits,
	size_t count, uint32_t *number)
{
	uint32_t secret = hits->secret;
	struct ks_suppress_verdict verdict;
	struct ks_finding *out;

	if (!ks_gather_wants(making->gather, secret))
		return KS_OK;
	if (ks_suppress_decide(&making->suppress, hits, count, &verdict) < 0)
		return KS_E_NOMEM;
	if (!verdict.is_suppressed) {
		*number = (uint32_t)making->finding_count;
		out = &making->findings[making->finding_count++];
	} else if (making->suppressed) {
		out = &making->suppressed[making->suppressed_count++];
	} else {
		return KS_OK;
	}
	if (ks_assembly_finding(&making->assembly, out, secret, hits, count) <
		0)
		return KS_E_NOMEM;
	out->is_suppressed = verdict.is_suppressed;
	out->suppression = verdict.by;
	out->reason = verdict.reason;
	return KS_OK;
}

/* Hits are sorted by secret: where those of the one at ${from} end. */
static size_t end_of_secret(const struct ks_hits *hits, size_t from)
{
	size_t to = from;

	while (to < hits->count &&
		hits->list[to].secret == hits->list[from].secret)
		to++;
	return to;
}

/* ${numbers}: the finding of each secret, or KS_HITS_NONE. */
static int make_findings(struct making *making, uint32_t *numbers)
{
	const struct ks_hits *hits = &making->gather->hits;

	for (size_t from = 0, to; from < hits->count; from = to) {
		uint32_t secret = hits->list[from].secret;

		to = end_of_secret(hits, from);
		if (make_finding(making, hits->list + from, to - from,
			    &numbers[secret]) < 0)
			return KS_E_NOMEM;
	}
	for (size_t i = 0; i < hits->secret_count; i++) {
		uint32_t pair = hits->secrets[i].pair;

		if (numbers[i] != KS_HITS_NONE && pair != KS_HITS_NONE &&
			numbers[pair] != KS_HITS_NONE)
			making->findings[numbers[i]].pair =
				making->findings[numbers[pair]].fingerprint;
	}
	return KS_OK;
}

/* For each of the findings that HEAD has no more. */
static int add_removals(
	struct making *making, const uint32_t *numbers, struct ks_err *err)
{
	struct ks_removals removals = { .assembly = &making->assembly };
	const struct ks_hits *hits = &making->gather->hits;
	int rc = KS_OK;

	for (size_t from = 0, to; rc == KS_OK && from < hits->count;
		from = to) {
		uint32_t secret = hits->list[from].secret;

		to = end_of_secret(hits, from);
		if (numbers[secret] != KS_HITS_NONE)
			rc = ks_removals_want(&removals,
				&making->findings[numbers[secret]],
				hits->list + from, to - from);
	}
	if (rc == KS_OK)
		rc = ks_removals_find(&removals, err);
	ks_removals_release(&removals);
	return rc;
}

static void sort_findings(struct ks_finding *findings, size_t count)
{
	if (count)
		qsort(findings, count, sizeof(*findings), by_urgency);
}

static int add_findings(struct making *making, struct ks_err *err)
{
	struct ks_result *result = &making->box->result;
	size_t most = making->gather->hits.secret_count + 1;
	struct ks_arena *arena = &making->box->arena;
	uint32_t *numbers = malloc(most * sizeof(*numbers));
	int rc = numbers ? KS_OK : KS_E_NOMEM;

	making->findings =
		ks_arena_array(arena, most, sizeof(*making->findings));
	if (making->gather->options->list_suppressed)
		making->suppressed = ks_arena_array(
			arena, most, sizeof(*making->suppressed));
	if (!making->findings || (making->gather->options->list_suppressed &&
					 !making->suppressed))
		rc = KS_E_NOMEM;
	if (rc == KS_OK) {
		memset(numbers, 0xff, most * sizeof(*numbers));
		rc = make_findings(making, numbers);
	}
	if (rc == KS_OK)
		rc = add_removals(making, numbers, err);
	if (rc == KS_OK) {
		sort_findings(making->findings, making->finding_count);
		sort_findings(making->suppressed, making->suppressed_count);
	}
	result->findings = making->findings;
	result->finding_count = making->finding_count;
	result->suppressed_findings = making->suppressed;
	result->suppressed_count = making->suppressed_count;
	result->suppressed = making->suppress.counts;
	free(numbers);
	return rc;
}

static int by_reason(const void *a, const void *b)
{
	const struct ks_skip *left = a;
	const struct ks_skip *right = b;
	int order;

	if (left->reason != right->reason)
		return left->reason < right->reason ? -1 : 1;
	order = strcmp(left->what, right->what);
	return order ? order : strcmp(left->detail, right->detail);
}

/* "config/big.bin" where a tree names it, else "object <id>". */
static int name_skip(struct making *making, struct ks_skip *out, size_t i)
{
	struct ks_arena *arena = &making->box->arena;
	const struct ks_left_out *left = &making->gather->skips.list[i];
	const struct ks_origin *origin =
		ks_origins_of_skip(&making->origins, i);
	const char *what = left->what;
	char hex[KS_OID_HEX_MAX];
	char text[KS_OID_HEX_MAX + 512];
	struct ks_buf path = { 0 };

	ks_oid_hex(&left->oid, making->gather->hash_bytes, hex);
	snprintf(text, sizeof(text), "object %s", hex);
	if (!what)
		what = origin && origin->path && *origin->path ? origin->path
							       : text;
	out->reason = left->reason;
	if (ks_buf_add_str(&path, what) == KS_OK &&
		ks_told_inside(&path, left->inside) == KS_OK)
		out->what = ks_hide_text(&making->hide, arena,
			ks_buf_span(&path), 0, ks_span_of(NULL, 0), NULL, 0);
	ks_buf_release(&path);
	if (what != text && !left->what)
		snprintf(text, sizeof(text), "object %s: %.400s", hex,
			left->detail);
	else
		snprintf(text, sizeof(text), "%.500s", left->detail);
	out->detail = ks_arena_copy(arena, ks_span_str(text));
	return out->what && out->detail ? KS_OK : KS_E_NOMEM;
}

/* Workers see submodules each for itself: those said twice go. */
static void drop_repeated(struct ks_result *result, struct ks_skip *skips)
{
	size_t kept = 0;

	for (size_t i = 0; i < result->skip_count; i++) {
		if (kept && by_reason(&skips[kept - 1], &skips[i]) == 0) {
			result->coverage.skips[skips[i].reason]--;
			continue;
		}
		skips[kept++] = skips[i];
	}
	result->skip_count = kept;
}

static int add_skips(struct making *making)
{
	struct ks_result *result = &making->box->result;
	const struct ks_skips *from = &making->gather->skips;
	struct ks_skip *skips = ks_arena_array(
		&making->box->arena, from->count + 1, sizeof(*skips));

	if (!skips)
		return KS_E_NOMEM;
	for (size_t i = 0; i < from->count; i++) {
		if (name_skip(making, &skips[i], i) < 0)
			return KS_E_NOMEM;
	}
	result->skips = skips;
	result->skip_count = from->count;
	memcpy(result->coverage.skips, from->totals, sizeof(from->totals));
	if (from->count)
		qsort(skips, from->count, sizeof(*skips), by_reason);
	drop_repeated(result, skips);
	return KS_OK;
}

static int prepare(struct making *making, struct ks_err *err)
{
	struct ks_gather *gather = making->gather;
	struct ks_arena *arena = &making->box->arena;
	int rc = ks_origins_find(&making->origins, gather, err);

	if (rc == KS_OK)
		rc = ks_hide_init(&making->hide, gather->patterns,
			gather->options->show_secrets, err);
	if (rc == KS_OK)
		rc = ks_gather_reader(
			&making->reader, gather, READER_CACHE, err);
	if (rc < 0)
		return rc;
	making->assembly = (struct ks_assembly){
		.gather = gather,
		.origins = &making->origins,
		.people = &making->people,
		.hide = &making->hide,
		.snippets = &making->snippets,
		.arena = arena,
	};
	if (ks_suppress_init(&making->suppress, gather, &making->origins) < 0)
		return ks_fail_nomem(err);
	if (gather->hits.count)
		qsort_r(gather->hits.list, gather->hits.count,
			sizeof(*gather->hits.list), by_secret_and_age, making);
	ks_people_init(&making->people, making->reader, &making->hide, arena);
	if (ks_snippets_init(&making->snippets, &gather->hits, making->reader,
		    &making->hide, arena, KS_SUBJECT_MAX) < 0)
		return ks_fail_nomem(err);
	making->snippets.input = ks_buf_span(&gather->input);
	return KS_OK;
}

/* What was scanned, as given: even that may hold a secret. */
static int add_source(struct making *making)
{
	making->box->result.source = ks_hide_text(&making->hide,
		&making->box->arena, ks_span_str(making->gather->source), 0,
		ks_span_of(NULL, 0), NULL, 0);
	return making->box->result.source ? KS_OK : KS_E_NOMEM;
}

static void add_coverage(struct making *making)
{
	struct ks_result *result = &making->box->result;
	struct ks_gather *gather = making->gather;

	ks_gather_end_stage(gather, KS_STAGE_PROVENANCE);
	memcpy(result->coverage.stage_seconds, gather->coverage.stage_seconds,
		sizeof(result->coverage.stage_seconds));
	result->coverage.seconds = ks_gather_seconds(gather);
	result->is_complete = true;
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		if (result->coverage.skips[i] &&
			ks_skip_is_incomplete((enum ks_skip_reason)i))
			result->is_complete = false;
	}
	result->is_shallow = result->coverage.skips[KS_SKIP_SHALLOW] > 0;
	result->is_partial = result->coverage.skips[KS_SKIP_PARTIAL] > 0;
}

int ks_result_make(
	struct ks_result **out, struct ks_gather *gather, struct ks_err *err)
{
	struct making making = { .gather = gather };
	int rc;

	making.box = calloc(1, sizeof(*making.box));
	if (!making.box)
		return ks_fail_nomem(err);
	making.box->result.coverage = gather->coverage;
	making.box->result.is_repository = gather->store.hash_bytes != 0;
	rc = prepare(&making, err);
	if (rc == KS_OK)
		rc = add_source(&making);
	if (rc == KS_OK)
		rc = add_findings(&making, err);
	if (rc == KS_OK)
		rc = add_skips(&making);
	if (rc == KS_OK && gather->options->cancel && *gather->options->cancel)
		rc = ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	if (rc == KS_OK) {
		add_coverage(&making);
		rc = ks_notices_add(&making.box->result, &making.suppress,
			&making.box->arena);
	}
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	ks_suppress_release(&making.suppress);
	ks_snippets_release(&making.snippets);
	ks_people_release(&making.people);
	ks_reader_free(making.reader);
	ks_hide_release(&making.hide);
	ks_origins_release(&making.origins);
	*out = rc == KS_OK ? &making.box->result : NULL;
	if (rc < 0)
		ks_result_free(&making.box->result);
	return rc;
}

void ks_result_free(struct ks_result *result)
{
	struct box *box = (struct box *)result;

	if (!box)
		return;
	ks_arena_release(&box->arena);
	free(box);
}
