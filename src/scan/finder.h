/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to hits: match, judge, resolve overlaps, pair. */
#ifndef KS_SCAN_FINDER_H
#define KS_SCAN_FINDER_H

#include "filter/memo.h"
#include "match/matcher.h"
#include "scan/hits.h"
#include "scan/views.h"
#include "scan/windows.h"

/* A match that the filter took for a secret. */
struct ks_accepted {
	struct ks_match match; /* in the view it was found in */
	struct ks_span view;   /* the subject: raw bytes, or decoded text */
	uint32_t encodings;    /* how that is encoded: views.h */
	size_t raw_start;      /* of the secret, in the object's bytes */
	size_t raw_end;
	float confidence;
	float entropy;
	/* Of two that overlap one is kept. */
	enum {
		KS_UNDECIDED,
		KS_KEPT,
		KS_DROPPED
	} state;
};

/* Belongs to one worker. Zero-initialise; ks_finder_release() frees. */
struct ks_finder {
	struct ks_matcher *matcher;
	struct ks_memo memo;
	const struct ks_rules *rules;
	bool keeps_lines; /* hits are to have their line */
	/*
	 * In which windows a stream is looked at, and what takes too much
	 * memory otherwise: much that is encoded, or that might be a secret.
	 * Set it before the finder is used; own 0: there are none.
	 */
	struct ks_window_size window;
	struct ks_matches matches;
	struct ks_accepted *accepted;
	size_t accepted_count;
	size_t accepted_cap;
	struct ks_views views;
	uint32_t cut; /* a rule whose match the window at hand cuts off */
	struct ks_buf passing; /* the window of a stream */
	struct ks_hits hits;
};

/* A finder for ${patterns} (borrowed). KS_E_NOMEM. */
KS_MUST_CHECK int ks_finder_init(struct ks_finder *finder,
	struct ks_patterns *patterns, bool is_reference, struct ks_err *err);

/*
 * Find the secrets in ${subject} and add them to finder->hits as of ${where},
 * which is added too if there are any; lines are counted from the start of
 * its bytes. ${found} tells how many. KS_E_LIMIT where matching
 * gave up: what was found by then is added. KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_finder_run(struct ks_finder *finder,
	const struct ks_subject *subject, const struct ks_where *where,
	size_t *found, struct ks_err *err);

/*
 * The same of all that comes from ${stream}, in windows; finder->window is
 * set. Errors as above and those of the stream, before which some were added.
 */
KS_MUST_CHECK int ks_finder_flow(struct ks_finder *finder,
	struct ks_stream *stream, const struct ks_where *where, size_t *found,
	struct ks_err *err);

/*
 * Find the secrets in ${subject}, but add no hits: they are in
 * finder->accepted until the next call, sorted by raw_start. Used to redact.
 */
KS_MUST_CHECK int ks_finder_look(struct ks_finder *finder,
	const struct ks_subject *subject, struct ks_err *err);

/* ${finder} may be zeroed. */
void ks_finder_release(struct ks_finder *finder);

#endif
