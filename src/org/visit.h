/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning one repository of an organisation, as far as it has to be. */
#ifndef KS_ORG_VISIT_H
#define KS_ORG_VISIT_H

#include "org/member.h"
#include "org/org.h"
#include "store/queue.h"

enum {
	KS_VISIT_AGAIN = 1
};

struct ks_visit {
	struct ks_org *org;
	const struct ks_scan_options *options;
	const char *rules; /* digest of all that decides what is found */
	const char *rest;  /* of that but the rules */
	bool new_rules;    /* where these are others, look for new ones only */
	struct ks_members members; /* forks that are scanned together; {0} */
};

/*
 * Is the repository ${known} at ${path} as it was when it was scanned, under
 * the same rules? Errors as ks_tips_read().
 */
KS_MUST_CHECK int ks_visit_is_unchanged(struct ks_visit *visit,
	const struct ks_state_repository *known, const char *path,
	bool *is_unchanged, struct ks_err *err);

/*
 * Scan the repository ${known} at ${path}, on which there is a lease, and write
 * down what was found, and what could not be scanned of it, in one
 * transaction. KS_VISIT_AGAIN: another scan of it was written down meanwhile.
 * Errors as ks_scan_repository(), and of the store: ${of_store} tells which.
 */
KS_MUST_CHECK int ks_visit_repository(struct ks_visit *visit,
	const struct ks_state_repository *known, const char *path,
	enum ks_queue_outcome *outcome, bool *of_store, struct ks_err *err);

#endif
