/* SPDX-License-Identifier: Apache-2.0 */
/* Where each place of a hit came from. */
#include "scan/origins.h"

#include <stdlib.h>

enum {
	READER_CACHE = 8 << 20 /* bytes */
};

struct reading {
	struct ks_reader *reader;
	struct ks_gather *gather;
};

/* Other than trees nothing is read: ${type} says what it is. */
static int read_tree(void *payload, const struct ks_oid *oid,
	enum ks_object_type *type, struct ks_buf *out, struct ks_err *err)
{
	struct reading *reading = payload;
	struct ks_span bytes;
	int rc = ks_reader_read(reading->reader, oid,
		reading->gather->budget.memory, type, &bytes, err);

	if (rc < 0)
		return rc;
	ks_buf_reset(out);
	return ks_buf_add(out, bytes.p, bytes.n) < 0 ? ks_fail_nomem(err)
						     : KS_OK;
}

static void note_unreadable(
	void *payload, const struct ks_oid *oid, const struct ks_err *why)
{
	struct reading *reading = payload;
	int rc = ks_skips_add(&reading->gather->skips,
		why->code == KS_E_NOTFOUND ? KS_SKIP_MISSING
					   : KS_SKIP_UNREADABLE,
		NULL, oid, why->message, NULL);

	(void)rc; /* out of memory is met again at once */
}

static bool has_origin(const struct ks_where *where)
{
	return where->kind == KS_PLACE_NAME ||
	       (where->kind == KS_PLACE_OBJECT &&
		       where->type == KS_OBJECT_BLOB);
}

static uint32_t want(struct ks_origins *origins, const struct ks_oid *oid)
{
	origins->list[origins->count].oid = *oid;
	return (uint32_t)origins->count++;
}

/* List what is wanted; the same object twice does no harm. */
static int list_wanted(struct ks_origins *origins, struct ks_gather *gather)
{
	static const struct ks_oid none;
	const struct ks_hits *hits = &gather->hits;
	size_t skips = gather->skips.count;
	size_t most = hits->where_count + skips;

	origins->list = calloc(most + 1, sizeof(*origins->list));
	origins->of_where =
		calloc(hits->where_count + 1, sizeof(*origins->of_where));
	origins->of_skip = calloc(skips + 1, sizeof(*origins->of_skip));
	if (!origins->list || !origins->of_where || !origins->of_skip)
		return KS_E_NOMEM;
	for (size_t i = 0; i < hits->where_count; i++)
		origins->of_where[i] = KS_ORIGIN_NONE;
	/* Hits may have been dropped: of their places nothing is asked. */
	for (size_t i = 0; i < hits->count; i++) {
		uint32_t at = hits->list[i].where;

		if (origins->of_where[at] == KS_ORIGIN_NONE &&
			has_origin(&hits->where[at]))
			origins->of_where[at] =
				want(origins, &hits->where[at].oid);
	}
	origins->skip_count = skips;
	for (size_t i = 0; i < skips; i++) {
		const struct ks_left_out *skip = &gather->skips.list[i];

		origins->of_skip[i] = KS_ORIGIN_NONE;
		if (!skip->what && !ks_oid_eq(&skip->oid, &none))
			origins->of_skip[i] = want(origins, &skip->oid);
	}
	return KS_OK;
}

/* Commits by age, and by id. */
static int rank_commits(struct ks_origins *origins, struct ks_gather *gather)
{
	const struct ks_commits *commits = &gather->commits;

	origins->rank = malloc((commits->count + 1) * sizeof(*origins->rank));
	if (!origins->rank ||
		ks_order_build(&origins->order, commits, gather->tips,
			gather->tip_count, &origins->arena) < 0)
		return KS_E_NOMEM;
	memset(origins->rank, 0xff,
		(commits->count + 1) * sizeof(*origins->rank));
	for (size_t i = 0; i < origins->order.count; i++)
		origins->rank[origins->order.list[i]] = (uint32_t)i;
	return KS_OK;
}

int ks_origins_find(struct ks_origins *origins, struct ks_gather *gather,
	struct ks_err *err)
{
	struct reading reading = { .gather = gather };
	struct ks_origin_input input = {
		.commits = &gather->commits,
		.order = &origins->order,
		.graph = gather->graph.count ? &gather->graph : NULL,
		.pairs = gather->budget.pairs,
		.relevant = &origins->relevant,
		.tips = gather->tips,
		.tip_count = gather->tip_count,
		.read = read_tree,
		.payload = &reading,
		.cancel = gather->options->cancel,
		.unreadable = note_unreadable,
	};
	int rc;

	if (list_wanted(origins, gather) < 0)
		return ks_fail_nomem(err);
	if (gather->hits.count == 0 && origins->count == 0)
		return KS_OK;
	if (rank_commits(origins, gather) < 0)
		return ks_fail_nomem(err);
	if (origins->count == 0)
		return KS_OK;
	ks_gather_tell(gather, "finding commits", 0);
	rc = ks_gather_reader(&reading.reader, gather, READER_CACHE, err);
	if (rc == KS_OK)
		rc = ks_origin_find(origins->list, origins->count, &input,
			&origins->arena, err);
	ks_reader_free(reading.reader);
	return rc;
}

const struct ks_origin *ks_origins_of(
	const struct ks_origins *origins, uint32_t where)
{
	uint32_t at = origins->of_where[where];

	return at == KS_ORIGIN_NONE ? NULL : &origins->list[at];
}

const struct ks_origin *ks_origins_of_skip(
	const struct ks_origins *origins, size_t skip)
{
	uint32_t at = skip < origins->skip_count ? origins->of_skip[skip]
						 : KS_ORIGIN_NONE;

	return at == KS_ORIGIN_NONE ? NULL : &origins->list[at];
}

void ks_origins_release(struct ks_origins *origins)
{
	free(origins->list);
	free(origins->of_where);
	free(origins->of_skip);
	free(origins->rank);
	ks_order_release(&origins->order);
	ks_relevant_release(&origins->relevant);
	ks_arena_release(&origins->arena);
}
