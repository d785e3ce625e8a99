/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the forks that are scanned together has a commit. */
#ifndef KS_ORG_MEMBER_H
#define KS_ORG_MEMBER_H

#include "base/arena.h"
#include "org/tips.h"

struct ks_member;

/* Zero-initialise ({0}); ks_members_release() frees. */
struct ks_members {
	struct ks_arena arena;
	struct ks_member *list; /* the main one first */
	size_t count;
	size_t cap;
	bool is_ready;            /* what follows is there, or cannot be */
	struct ks_member *others; /* all but the main one */
	struct ks_reader *reader;
	struct ks_store *store;
};

/*
 * Add the fork at ${place}, whose refs are those of the mirror ${key}.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_members_add(struct ks_members *members, const char *place,
	const char *key, bool is_main, struct ks_err *err);

/*
 * The place of one that has the commit ${hex}, by the refs ${tips} of all: the
 * main one if it has it. "": there is one only, or it cannot be told.
 * KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_members_find(struct ks_members *members,
	const struct ks_tips *tips, const char *hex, const char **place,
	struct ks_err *err);

/*
 * Say anew which of them has each place of ${repository} that is known. As
 * ks_members_find(), and errors of the store.
 */
KS_MUST_CHECK int ks_members_refresh(struct ks_members *members,
	const struct ks_tips *tips, struct ks_state *state, int64_t repository,
	struct ks_err *err);

void ks_members_release(struct ks_members *members);

#endif
