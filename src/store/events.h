/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to an organisation's findings, and when. */
#ifndef KS_STORE_EVENTS_H
#define KS_STORE_EVENTS_H

#include "store/state.h"

/* Errors of all below are those of ks_db_run(). */

/*
 * After all that a scan of ${repository} found was entered, in the same
 * transaction: note which findings are new, gone from all refs, or back.
 */
KS_MUST_CHECK int ks_events_settle(struct ks_state *state, int64_t repository,
	int64_t scan, int64_t now, struct ks_err *err);

/* Somebody did something about a finding: "dismissed", "reopened". */
struct ks_events_deed {
	const char *kind;
	const char *fingerprint; /* as the store calls it */
	const char *who;
	const char *why;
	int64_t time;
};

KS_MUST_CHECK int ks_events_add(struct ks_state *state, int64_t organisation,
	const struct ks_events_deed *deed, struct ks_err *err);

/* Note whose dismissals run out; before ks_findings_expire(). */
KS_MUST_CHECK int ks_events_expire(struct ks_state *state, int64_t organisation,
	const char *today, int64_t now, struct ks_err *err);

/* What a scan did: counts of repositories, and of findings. */
struct ks_events_scan {
	int64_t unchanged;
	int64_t followed;
	int64_t audited;
	int64_t failed;
	int64_t news;
};

/* Note what ${scan} did, once its news are claimed; news are counted here. */
KS_MUST_CHECK int ks_events_scanned(struct ks_state *state, int64_t scan,
	const struct ks_events_scan *counts, struct ks_err *err);

/* Something that happened. Strings are borrowed. */
struct ks_event {
	int64_t time;
	/* "scan", "new", "gone", "back", "dismissed", "reopened", "expired" */
	const char *kind;
	const char *fingerprint; /* "" for a scan, as what follows */
	const char *rule;
	const char *redacted;
	const char *repository;
	const char *who;
	const char *why;
	/* Of a scan: */
	int64_t begun;
	struct ks_events_scan counts;
};

/* Which of them. */
struct ks_events_query {
	int64_t organisation;
	int64_t since;
	const char
		*fingerprint; /* of this finding only; NULL: all, and scans */
};

/* Tell ${each} of them, the oldest first. */
KS_MUST_CHECK int ks_events_list(struct ks_state *state,
	const struct ks_events_query *query,
	int (*each)(void *payload, const struct ks_event *event,
		struct ks_err *err),
	void *payload, struct ks_err *err);

#endif
