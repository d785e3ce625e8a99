/* SPDX-License-Identifier: Apache-2.0 */
/* Histories in memory, written down tersely. */
#ifndef KS_TESTS_HISTORY_H
#define KS_TESTS_HISTORY_H

#include "provenance/origin.h"

enum {
	HISTORY_TIPS_MAX = 8192
};

struct history_object {
	struct ks_oid oid;
	enum ks_object_type type;
	struct ks_buf bytes;
	unsigned reads;
	bool is_missing; /* reading it fails with KS_E_NOTFOUND */
	bool is_broken;  /* reading it fails with KS_E_CORRUPT */
};

/* A path of a snapshot. */
struct history_file {
	char *path;
	struct ks_oid oid;
};

/* From history_new(); history_free() frees. */
struct history {
	struct history_object *objects;
	size_t count;
	size_t cap;
	struct ks_oidmap index;
	/* The commits in the order in which they were made. */
	struct ks_oid *commits;
	size_t commit_count;
	size_t commit_cap;
	struct ks_tip tips[HISTORY_TIPS_MAX];
	size_t tip_count;
	/* What ks_origin_find() is given. */
	struct ks_commits graph;
	int cancel;
	unsigned cancel_after; /* reads; 0: never */
	unsigned reads;
	unsigned unreadable;
	struct ks_oid unreadable_oid; /* the last one */
	int unreadable_code;
	struct ks_arena arena;
};

/* An empty one; it is too large for a stack. */
struct history *history_new(void);

/* An object id made of the content, as in git, but by a hash of our own. */
struct ks_oid history_put(struct history *history, enum ks_object_type type,
	const void *bytes, size_t n);

/* The blob whose content is ${label}. */
struct ks_oid history_blob(struct history *history, const char *label);

/*
 * The tree of ${files}: "path=label path=label …", each label a blob, as
 * history_blob(); what has a slash is in a folder. "" is the empty tree.
 */
struct ks_oid history_tree(struct history *history, const char *files);

/* The tree of ${files}, in any order; ${count} may be 0. */
struct ks_oid history_snapshot(
	struct history *history, struct history_file *files, size_t count);

/* A commit of ${tree} with up to two parents, NULL for none. */
struct ks_oid history_commit_tree(struct history *history, int64_t time,
	const struct ks_oid *tree, const struct ks_oid *parent,
	const struct ks_oid *second);

/* The same with the tree of ${files}, as history_tree(). */
struct ks_oid history_commit(struct history *history, int64_t time,
	const char *files, const struct ks_oid *parent,
	const struct ks_oid *second);

/* A tip; ${name} is borrowed. "HEAD" is HEAD, refs/heads/ are branches. */
void history_tip(
	struct history *history, const char *name, const struct ks_oid *oid);

/* The object ${oid}, which must be there. */
struct history_object *history_object(
	struct history *history, const struct ks_oid *oid);

/* Fill history->graph; commits and tips shuffled as below. */
void history_gather(struct history *history, unsigned seed);

/*
 * Run ks_origin_find(), commits and tips shuffled by ${seed} (0: not at
 * all); returns what it returned. Tips stay shuffled.
 */
int history_find(struct history *history, struct ks_origin *origins,
	size_t count, unsigned seed);

/*
 * Find ${oid}, commits and tips in several orders: each time it must be at
 * ${path} of ${commit} (NULL: none). Returns the last answer.
 */
struct ks_origin history_expect(struct history *history,
	const struct ks_oid *oid, const struct ks_oid *commit,
	const char *path);

/* The same for the blob whose content is ${label}. */
struct ks_origin history_expect_blob(struct history *history, const char *label,
	const struct ks_oid *commit, const char *path);

/* The commit that ${origin} was found in, of all zeros if none. */
struct ks_oid history_found(
	const struct history *history, const struct ks_origin *origin);

void history_free(struct history *history);

/* A small random number generator: the next number below ${n}. */
uint32_t history_random(uint64_t *state, uint32_t n);

#endif
