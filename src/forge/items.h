/* SPDX-License-Identifier: Apache-2.0 */
/* The repositories of a list, and what belongs together among them. */
#ifndef KS_FORGE_ITEMS_H
#define KS_FORGE_ITEMS_H

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

struct ks_item {
	uint64_t id;
	uint64_t parent; /* 0: none is known */
	uint64_t root;   /* of its network of forks; 0: it is alone */
	uint64_t size;
	const char *name;
	bool is_fork;
	bool is_archived;
	bool is_private;
	bool is_empty;
	bool has_wiki;
};

/* Zero-initialise ({0}); ks_items_release() frees. */
struct ks_items {
	struct ks_item *list;
	size_t count;
	size_t cap;
	struct ks_arena arena; /* the names */
};

/*
 * Append those of ${page}, see ask.h and convert.h. KS_E_CORRUPT: not of
 * that form; KS_E_LIMIT: more than ${max} in all; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_items_add(struct ks_items *items, const json_t *page,
	size_t max, struct ks_err *err);

/* Order them by id, each once: the last that was added. */
void ks_items_sort(struct ks_items *items);

/*
 * Find the root of each; they are sorted. One that is forked from what is
 * not in the list has that for its parent all the same.
 */
void ks_items_relate(struct ks_items *items);

void ks_items_release(struct ks_items *items);

#endif
