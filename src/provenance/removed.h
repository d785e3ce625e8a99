/* SPDX-License-Identifier: Apache-2.0 */
/* Which commit took objects out of HEAD's history. */
#ifndef KS_PROVENANCE_REMOVED_H
#define KS_PROVENANCE_REMOVED_H

#include "provenance/order.h"
#include "provenance/relevant.h"

/* Objects that are one thing: the versions of a file that has a secret. */
struct ks_removed {
	const struct ks_oid *objects; /* in */
	size_t count;
	uint32_t commit; /* out: index into commits->list, or UINT32_MAX */
};

struct ks_removed_input {
	const struct ks_commits *commits;
	const struct ks_order *order;       /* of these */
	const struct ks_relevant *relevant; /* to all the objects, at least */
	uint32_t head;                      /* index into commits->list */
	const volatile int *cancel;         /* may be NULL */
};

/*
 * Find for each of the ${count} ${things} the commit that removed it: one
 * that has none of its objects anywhere in its tree, while a parent has. Of
 * several it is the last on the line of first parents from HEAD; if that line
 * never had any, the last there is among all that led to HEAD. A merge only
 * counts if no branch that it merged had removed the thing before: then it is
 * the commit of that branch. UINT32_MAX: HEAD has it, or never had.
 *
 * Ids are told apart as in relevant.h. A tree that is not in its graph counts
 * as empty. KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_removed_find(struct ks_removed *things, size_t count,
	const struct ks_removed_input *input, struct ks_err *err);

#endif
