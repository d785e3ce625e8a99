/* SPDX-License-Identifier: Apache-2.0 */
/* What one worker does with each object of a repository. */
#ifndef KS_SCAN_WORKER_H
#define KS_SCAN_WORKER_H

#include "blobs/reader.h"
#include "provenance/commits.h"
#include "provenance/graph.h"
#include "provenance/tree_news.h"
#include "scan/budget.h"
#include "scan/names.h"
#include "scan/search.h"

#include <stdatomic.h>

/* An annotated tag and what it points at. */
struct ks_tag {
	struct ks_oid oid;
	struct ks_oid target;
};

/* What is known of a tree, for the deltas against it. */
struct ks_tree_carry {
	struct ks_tree_starts starts;
	uint32_t number; /* in the graph */
	bool has_secret; /* a name in it is one: no shortcut then */
};

/* Counts, as in struct ks_coverage. */
struct ks_tally {
	uint64_t types[KS_OBJECT_TAG + 1];
	uint64_t bytes;
	uint64_t declined;
};

struct ks_worker {
	struct ks_finder finder;
	struct ks_names names;
	struct ks_carry *carries; /* by slot: of blobs with deltas */
	size_t carry_count;
	size_t carry_cap;
	struct ks_tree_carry *trees; /* by slot: of trees with deltas */
	size_t tree_count;
	size_t tree_cap;
	struct ks_commits commits;
	struct ks_graph graph;
	struct ks_tag *tags;
	size_t tag_count;
	size_t tag_cap;
	struct ks_skips *skips;        /* shared */
	struct ks_unpacking unpacking; /* all zero: nothing is unpacked */
	struct ks_unpacked unpacked;
	size_t hash_bytes;
	struct ks_tally tally;
	/* For whoever watches; this worker alone writes them. */
	atomic_uint_fast64_t objects_done;
	atomic_uint_fast64_t bytes_done;
	/* With --connectivity: the ids that objects name. */
	struct ks_oidmap *named;
	/* For what the walk declined; NULL until then. */
	struct ks_reader *reader;
};

/* ${worker} is zeroed memory. KS_E_NOMEM. */
KS_MUST_CHECK int ks_worker_init(struct ks_worker *worker,
	struct ks_patterns *patterns, bool is_reference, size_t hash_bytes,
	struct ks_skips *skips, struct ks_err *err);

/* What it searches with; valid as long as it stays where it is. */
struct ks_search ks_worker_search(struct ks_worker *worker);

/* Let it take no more than ${budget} says; before it is used. */
void ks_worker_limit(struct ks_worker *worker, const struct ks_budget *budget);

/*
 * Scan ${object}: find its secrets, note what it tells of history. A commit,
 * tag or tree that breaks its format is noted as unreadable, what could be
 * scanned of it is scanned. KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_worker_object(struct ks_worker *worker,
	const struct ks_object *object, struct ks_err *err);

/*
 * Find the secrets in ${name}, which stands in the tree ${tree}; each name is
 * matched once, unless it has one. Errors as above.
 */
KS_MUST_CHECK int ks_worker_name(struct ks_worker *worker,
	const struct ks_oid *tree, const char *name, struct ks_err *err);

/*
 * Find the secrets in ${bytes}, the blob ${oid} that is staged as ${path}.
 * Errors as above.
 */
KS_MUST_CHECK int ks_worker_staged(struct ks_worker *worker,
	const struct ks_oid *oid, const char *path, struct ks_span bytes,
	struct ks_err *err);

/* Find the secrets in the name of a ref. Errors as above. */
KS_MUST_CHECK int ks_worker_ref(
	struct ks_worker *worker, const char *name, struct ks_err *err);

/* Find the secrets in ${bytes}, a text in memory that is called ${name}. */
KS_MUST_CHECK int ks_worker_text(struct ks_worker *worker, const char *name,
	struct ks_span bytes, struct ks_err *err);

/* Find the secrets in the file ${path}, whose bytes are given. */
KS_MUST_CHECK int ks_worker_file(struct ks_worker *worker, const char *path,
	struct ks_span bytes, struct ks_err *err);

/*
 * The same of a file whose bytes come from ${stream}, which may end with an
 * error of its own: what was found by then stays. It is not counted.
 */
KS_MUST_CHECK int ks_worker_flow(struct ks_worker *worker, const char *path,
	struct ks_stream *stream, struct ks_err *err);

/* Count an object or a file of ${bytes} bytes. */
void ks_worker_count(struct ks_worker *worker, uint64_t bytes);

/* Free what only objects to come would need. */
void ks_worker_rest(struct ks_worker *worker);

/* ${worker} may be zeroed. */
void ks_worker_release(struct ks_worker *worker);

#endif
