/* SPDX-License-Identifier: Apache-2.0 */
/* The syntax tree of a pattern, and what can be read off it. */
#ifndef KS_RULES_NODE_H
#define KS_RULES_NODE_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/charset.h"

/* A width or a count without a bound, and the ceiling of both. */
#define KS_NODE_OPEN UINT32_MAX

enum ks_node_op {
	KS_NODE_SET,    /* one byte of `set` */
	KS_NODE_CAT,    /* the children in turn; without any: nothing */
	KS_NODE_ALT,    /* one of the children */
	KS_NODE_REPEAT, /* the child, `least` to `most` times */
	KS_NODE_GROUP,  /* the child, captured as `group` if that is not 0 */
	KS_NODE_AHEAD,  /* a lookahead of the child */
	KS_NODE_BEHIND, /* a lookbehind of the child */
	KS_NODE_ASSERT, /* looks at `least` bytes before, `most` after */
	KS_NODE_BACKREF /* what `group` captured, again */
};

/*
 * Greedy, lazy, possessive and atomic are not told apart: they choose among
 * the strings that the tree stands for and never add one.
 */
struct ks_node {
	enum ks_node_op op;
	bool is_negative; /* AHEAD, BEHIND */
	uint32_t least;
	uint32_t most;
	uint32_t group;
	uint32_t min_width; /* bytes; a lower bound */
	uint32_t max_width; /* bytes; an upper bound, or KS_NODE_OPEN */
	struct ks_charset set;
	struct ks_node *first; /* children */
	struct ks_node *last;
	struct ks_node *next; /* sibling */
};

/* Sum and product that stop at KS_NODE_OPEN; 0 * KS_NODE_OPEN is 0. */
uint32_t ks_node_sum(uint32_t a, uint32_t b);
uint32_t ks_node_product(uint32_t a, uint32_t b);

/* New nodes with their widths set; NULL when memory ran out. */
struct ks_node *ks_node_set(
	struct ks_arena *arena, const struct ks_charset *set);
struct ks_node *ks_node_list(struct ks_arena *arena, enum ks_node_op op);
struct ks_node *ks_node_repeat(struct ks_arena *arena, struct ks_node *child,
	uint32_t least, uint32_t most);
struct ks_node *ks_node_wrap(
	struct ks_arena *arena, enum ks_node_op op, struct ks_node *child);

/* Append ${child} to the CAT or ALT ${list} and widen it. */
void ks_node_append(struct ks_node *list, struct ks_node *child);

/* Bytes before its start that a match of ${root} may look at. */
uint32_t ks_node_lookbehind(const struct ks_node *root);

/*
 * Bytes from its start that a match of ${root} may look at, lookaheads
 * included; KS_NODE_OPEN: no bound.
 */
uint32_t ks_node_extent(const struct ks_node *root);

/* Does every match of ${root} set the capturing group ${group}? */
bool ks_node_always_sets(const struct ks_node *root, uint32_t group);

/*
 * Append ${root} to ${out} as an expression without captures and assertions
 * that Hyperscan and PCRE2 read alike, without any flags. There must be no
 * BACKREF in it. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_node_print(struct ks_buf *out, const struct ks_node *root);

#endif
