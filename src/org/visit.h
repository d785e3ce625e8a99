/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning one repository of an organisation, as far as it has to be. */
#ifndef KS_ORG_VISIT_H
#define KS_ORG_VISIT_H

#include "org/org.h"

enum {
	KS_VISIT_AGAIN = 1,
	KS_VISIT_BUSY
};

struct ks_visit {
	struct ks_org *org;
	const struct ks_scan_options *options;
	const char *rules; /* digest of all that decides what is found */
	struct ks_org_tally *tally;
};

/*
 * Scan the repository ${known} at ${path} and write down what was found, in
 * one transaction. ${error} is emptied, or says, in words for people, what
 * could not be scanned of it. KS_VISIT_AGAIN: another scan of it was written
 * down meanwhile; KS_VISIT_BUSY: another scans it now. Errors as
 * ks_scan_repository(), and of the store: ${of_store} tells which.
 */
KS_MUST_CHECK int ks_visit_repository(struct ks_visit *visit,
	const struct ks_state_repository *known, const char *path,
	struct ks_buf *error, bool *of_store, struct ks_err *err);

#endif
