/* SPDX-License-Identifier: Apache-2.0 */
/* What is wanted of the trees of HEAD and the branches. */
#ifndef KS_PROVENANCE_SURVEY_H
#define KS_PROVENANCE_SURVEY_H

#include "provenance/descent.h"
#include "provenance/wanted.h"

#define KS_SURVEY_NONE UINT32_MAX

/* An entry of a tree that is wanted, or a tree with wanted objects below. */
struct ks_survey_hit {
	const char *name;
	uint32_t target; /* index of an origin, or of a tree in survey->trees */
	uint32_t next;   /* in the same tree, in its order; or KS_SURVEY_NONE */
	bool is_tree;
};

struct ks_survey_tree {
	uint32_t first; /* hit, or KS_SURVEY_NONE */
	uint32_t last;
	uint32_t visit; /* the last one that came by */
};

/*
 * The trees that were surveyed, reduced to the entries that lead to wanted
 * objects: mostly none. Trees may share trees, as in the repository. Zero-
 * initialise ({0}); ks_survey_release() frees what is not the arena's.
 */
struct ks_survey {
	struct ks_oidmap index; /* tree id -> index into trees */
	struct ks_survey_tree *trees;
	size_t tree_count;
	size_t tree_cap;
	struct ks_survey_hit *list;
	size_t count;
	size_t cap;
	/* Of ks_survey_visit(). */
	struct ks_survey_place {
		uint32_t hit;
		size_t path_n;
	} * stack;
	size_t stack_cap;
	uint32_t visits;
};

/*
 * Survey the tree ${root} and all below; a tree surveyed before is not read
 * again. ${may_be_other}: ks_descent_open(). ${descent} is one with depth 0.
 * Names come from ${arena}. KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_survey_run(struct ks_survey *survey,
	const struct ks_wanted *wanted, struct ks_descent *descent,
	const struct ks_oid *root, bool may_be_other, struct ks_arena *arena,
	struct ks_err *err);

/* Told of each wanted object: the index of its origin, and its path. */
typedef int (*ks_survey_fn)(
	void *payload, uint32_t origin, struct ks_span path);

/*
 * A new visit, to be given to ks_survey_visit(): one visit comes to each tree
 * once, however often it is named.
 */
uint32_t ks_survey_begin(struct ks_survey *survey);

/*
 * Tell ${fn} of each hit in and below the tree ${tree}, in the order of the
 * trees' entries, so that of two paths to one object the less is first.
 * Paths begin with what ${path} holds; it is left as it was. KS_E_NOMEM, or
 * what ${fn} returned if that is not KS_OK.
 */
KS_MUST_CHECK int ks_survey_visit(struct ks_survey *survey, uint32_t visit,
	uint32_t tree, struct ks_buf *path, ks_survey_fn fn, void *payload);

/* Does ${path} below the tree ${tree} lead to the object of ${origin}? */
bool ks_survey_has(const struct ks_survey *survey, uint32_t tree,
	const char *path, uint32_t origin);

void ks_survey_release(struct ks_survey *survey);

#endif
