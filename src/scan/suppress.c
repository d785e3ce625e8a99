/* SPDX-License-Identifier: Apache-2.0 */
/* Which of what was found is not to be reported. */
#include "scan/suppress.h"

#include "scan/told.h"

#include <stdlib.h>

/* Where a secret stands: a hit has one such place, or two if it moved. */
struct place {
	struct ks_hit *hit;
	uint8_t bit; /* enum ks_hidden_place */
	const char *path;
	const struct ks_oid *commit;
	/* That first had the secret at this path. */
	const struct ks_oid *first_commit;
};

struct places {
	struct ks_arena arena;
	struct place *list;
	size_t count;
};

int ks_suppress_init(struct ks_suppress *suppress,
	const struct ks_gather *gather, const struct ks_origins *origins)
{
	const struct ks_control *control = gather->options->control;
	size_t allows = control ? control->config.allows.count : 0;
	size_t known =
		control && control->baseline ? control->baseline->count : 0;

	*suppress = (struct ks_suppress){
		.gather = gather,
		.origins = origins,
		.control = control,
		.counts = { .config_ignored = "" },
		.allow_used = calloc(allows + 1, 1),
		.baseline_used = calloc(known + 1, 1),
		.fitting = calloc(allows + 1, sizeof(*suppress->fitting)),
	};
	if (control)
		suppress->counts.config_ignored = control->config_ignored;
	if (!suppress->allow_used || !suppress->baseline_used ||
		!suppress->fitting)
		return KS_E_NOMEM;
	return ks_allow_matcher_init(&suppress->matcher);
}

void ks_suppress_release(struct ks_suppress *suppress)
{
	free(suppress->allow_used);
	free(suppress->baseline_used);
	free(suppress->fitting);
	ks_allow_matcher_release(&suppress->matcher);
	*suppress = (struct ks_suppress){ 0 };
}

/* A path as globs see it: of files, from the folder that is scanned. */
static const char *from_folder(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	while (n > 0 && folder[n - 1] == '/')
		n--;
	if (n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/')
		path += n + 1;
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return path;
}

static int add_place(const struct ks_suppress *suppress, struct places *places,
	struct ks_hit *hit, bool at_head)
{
	const struct ks_where *where =
		&suppress->gather->hits.where[hit->where];
	const struct ks_origin *origin =
		ks_origins_of(suppress->origins, hit->where);
	struct place *place = &places->list[places->count++];
	const char *path =
		origin ? (at_head ? origin->head_path : origin->path) : NULL;
	struct ks_buf text = { 0 };
	int rc = ks_told_path(&text, suppress->gather, where, origin, path);

	*place = (struct place){
		.hit = hit,
		.bit = at_head ? KS_HIDDEN_HEAD : KS_HIDDEN_FIRST,
		.commit = ks_told_commit(suppress->gather, where, origin),
	};
	if (rc == KS_OK)
		place->path = ks_arena_copy(&places->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	if (!place->path)
		return KS_E_NOMEM;
	if (where->kind == KS_PLACE_FILE)
		place->path =
			from_folder(place->path, suppress->control->folder);
	place->first_commit = place->commit;
	return KS_OK;
}

static int by_path(const void *a, const void *b)
{
	const struct place *const *left = a;
	const struct place *const *right = b;
	int order = strcmp((*left)->path, (*right)->path);

	/* In the list they stand by age. */
	return order ? order : (*left > *right) - (*left < *right);
}

/* As in a diff, a secret comes to a path once, however the file changes. */
static int find_first_commits(struct places *places)
{
	struct place **sorted = malloc((places->count + 1) * sizeof(*sorted));

	if (!sorted)
		return KS_E_NOMEM;
	for (size_t i = 0; i < places->count; i++)
		sorted[i] = &places->list[i];
	qsort(sorted, places->count, sizeof(*sorted), by_path);
	for (size_t i = 1; i < places->count; i++) {
		if (strcmp(sorted[i]->path, sorted[i - 1]->path) == 0)
			sorted[i]->first_commit = sorted[i - 1]->first_commit;
	}
	free(sorted);
	return KS_OK;
}

static int list_places(const struct ks_suppress *suppress,
	struct places *places, struct ks_hit *hits, size_t count)
{
	int rc = KS_OK;

	places->list = calloc(2 * count, sizeof(*places->list));
	if (!places->list)
		return KS_E_NOMEM;
	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		const struct ks_origin *origin =
			ks_origins_of(suppress->origins, hits[i].where);

		rc = add_place(suppress, places, &hits[i], false);
		if (rc == KS_OK && ks_told_has_moved(origin))
			rc = add_place(suppress, places, &hits[i], true);
	}
	if (rc == KS_OK && suppress->control->needs_commits)
		rc = find_first_commits(places);
	return rc;
}

/* The entry that lets ${place} stand, or NULL. */
static const struct ks_allow *find_allow(struct ks_suppress *suppress,
	struct ks_allow_subject *subject, const struct place *place)
{
	const struct ks_allow *list = suppress->control->config.allows.list;
	char hex[KS_OID_HEX_MAX] = "";

	if (place->first_commit)
		ks_oid_hex(
			place->first_commit, suppress->gather->hash_bytes, hex);
	subject->path = place->path;
	subject->commit = hex;
	subject->line = place->hit->around;
	for (size_t i = 0; i < suppress->fitting_count; i++) {
		size_t entry = suppress->fitting[i];

		if (!ks_allow_fits_place(
			    &list[entry], subject, &suppress->matcher))
			continue;
		suppress->allow_used[entry] = 1;
		return &list[entry];
	}
	return NULL;
}

/* The entries that may let the secret stand, some place or other of it. */
static void find_fitting(
	struct ks_suppress *suppress, const struct ks_allow_subject *subject)
{
	const struct ks_allow_list *allows = &suppress->control->config.allows;

	suppress->fitting_count = 0;
	for (size_t i = 0; i < allows->count; i++) {
		const struct ks_allow *allow = &allows->list[i];

		if (!ks_allow_is_expired(allow, suppress->control->today) &&
			ks_allow_fits_secret(
				allow, subject, &suppress->matcher))
			suppress->fitting[suppress->fitting_count++] = i;
	}
}

/* Note what may stand in hits[].hidden; how many places, and why. */
static size_t hide_places(struct ks_suppress *suppress,
	struct ks_allow_subject *subject, const struct places *places,
	struct ks_suppress_verdict *why)
{
	size_t hidden = 0;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->list[i];
		const struct ks_allow *allow =
			find_allow(suppress, subject, place);

		if (!allow && !(place->hit->is_marked &&
				      suppress->control->heeds_markers))
			continue;
		if (hidden++ == 0)
			*why = (struct ks_suppress_verdict){
				.by = allow ? KS_SUPPRESSED_CONFIG
					    : KS_SUPPRESSED_INLINE,
				.reason = allow ? allow->reason : "",
			};
		place->hit->hidden |= place->bit;
	}
	return hidden;
}

static void ask_baseline(struct ks_suppress *suppress, const char *fingerprint,
	struct ks_suppress_verdict *out)
{
	struct ks_baseline *baseline = suppress->control->baseline;
	const struct ks_baseline_entry *entry =
		baseline ? ks_baseline_find(baseline, fingerprint) : NULL;

	if (!entry)
		return;
	suppress->baseline_used[entry - baseline->list] = 1;
	if (out->is_suppressed ||
		ks_baseline_is_expired(entry, suppress->control->today))
		return;
	*out = (struct ks_suppress_verdict){ .is_suppressed = true,
		.by = KS_SUPPRESSED_BASELINE,
		.reason = entry->why };
}

static size_t count_marked(const struct ks_hit *hits, size_t count)
{
	size_t marked = 0;

	for (size_t i = 0; i < count; i++)
		marked += hits[i].is_marked;
	return marked;
}

/* ${subject} tells rule, fingerprint and secret. */
static int decide(struct ks_suppress *suppress, struct ks_hit *hits,
	size_t count, struct ks_allow_subject *subject,
	struct ks_suppress_verdict *out)
{
	size_t marked = count_marked(hits, count);
	struct places places = { .count = 0 };
	size_t hidden = 0;
	int rc = KS_OK;

	if (!suppress->control->heeds_markers)
		suppress->counts.markers_ignored += marked;
	find_fitting(suppress, subject);
	if (suppress->fitting_count || marked) {
		rc = list_places(suppress, &places, hits, count);
		if (rc == KS_OK)
			hidden = hide_places(suppress, subject, &places, out);
		out->is_suppressed = hidden && hidden == places.count;
	}
	if (rc == KS_OK)
		ask_baseline(suppress, subject->fingerprint, out);
	if (out->is_suppressed)
		suppress->counts.findings[out->by]++;
	else
		suppress->counts.occurrences += hidden;
	for (size_t i = 0; out->is_suppressed && i < count; i++)
		hits[i].hidden = 0;
	free(places.list);
	ks_arena_release(&places.arena);
	return rc;
}

int ks_suppress_decide(struct ks_suppress *suppress, struct ks_hit *hits,
	size_t count, struct ks_suppress_verdict *out)
{
	const struct ks_gather *gather = suppress->gather;
	const struct ks_secret *secret = &gather->hits.secrets[hits->secret];
	const struct ks_rule *rule =
		&gather->options->rules->list[secret->rule];
	char fingerprint[KS_TOLD_FINGERPRINT];
	struct ks_allow_subject subject = {
		.rule = rule->id,
		.fingerprint = fingerprint,
		.secret = secret->bytes,
	};

	*out = (struct ks_suppress_verdict){ .reason = "" };
	if (!suppress->control)
		return KS_OK;
	if (ks_told_fingerprint(fingerprint, rule, secret->bytes) < 0)
		return KS_E_NOMEM;
	return decide(suppress, hits, count, &subject, out);
}
