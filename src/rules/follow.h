/* SPDX-License-Identifier: Apache-2.0 */
/* What has to follow the fixed text that an anchor begins with. */
#ifndef KS_RULES_FOLLOW_H
#define KS_RULES_FOLLOW_H

#include "base/span.h"
#include "rules/node.h"

enum {
	KS_FOLLOW_POSITIONS = 64
};

/*
 * An automaton without empty steps (Glushkov's): a position is a set of the
 * expression, and all that can be reached is kept in the bits of one word.
 */
struct ks_follow {
	uint64_t first; /* positions that it can begin with */
	uint64_t last;  /* and end with */
	uint64_t next[KS_FOLLOW_POSITIONS]; /* that can come behind each */
	uint64_t bytes[256];                /* those that take a byte */
	uint64_t reach; /* what follows is so many bytes at most */
};

/*
 * Make ${out} of ${root}: sets, lists and repetitions, of which there is one
 * byte at least. It takes each string that ${root} stands for, and others:
 * long repetitions are not counted, and what is behind the last position is
 * not looked at. False: it can be empty, or its width has no bound.
 */
bool ks_follow_make(struct ks_follow *out, const struct ks_node *root);

/*
 * Does ${text} begin with a string that ${follow} takes? What goes on behind
 * its end does not count.
 */
bool ks_follow_begins(const struct ks_follow *follow, struct ks_span text);

#endif
