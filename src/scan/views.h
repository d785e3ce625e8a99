/* SPDX-License-Identifier: Apache-2.0 */
/* What else a subject can be read as: UTF-16, and text that is encoded. */
#ifndef KS_SCAN_VIEWS_H
#define KS_SCAN_VIEWS_H

#include "match/decoded.h"
#include "match/runs.h"

#define KS_VIEW_RAW UINT32_MAX /* the subject itself */

/* Text decoded from the subject, or from another view. */
struct ks_view {
	struct ks_decoded decoded;
	struct ks_encoded_run run; /* where in the subject, if outer is RAW */
	uint32_t outer;            /* index of a view, or KS_VIEW_RAW */
	unsigned depth;            /* 1: of the subject */
	bool has_secret;           /* in it, or in one decoded from it */
};

/* Of one subject at a time. Zero-initialise; ks_views_release() frees. */
struct ks_views {
	struct ks_view *list; /* those behind count keep their memory */
	size_t count;
	size_t made;
	size_t cap;
	struct ks_runs runs;
	size_t bytes; /* decoded in all */
	size_t limit; /* of bytes */
	size_t most;  /* of limit, and of what is kept; 0: any */
	size_t held;  /* bytes that the list keeps */
};

/*
 * Forget the views there were and list those of ${subject}; ${wide}: the same
 * bytes, which may hold UTF-16, or NULL. With a base only what the base has not
 * and what the base had secrets in. KS_E_LIMIT where they are more than memory
 * should hold, those found so far are there; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_views_open(struct ks_views *views,
	const struct ks_subject *subject, const struct ks_utf16_source *wide,
	struct ks_err *err);

/* Append those of view ${index}, up to a depth. Errors as above. */
KS_MUST_CHECK int ks_views_open_inner(
	struct ks_views *views, size_t index, struct ks_err *err);

/* A secret was found in view ${index}. */
void ks_views_mark(struct ks_views *views, size_t index);

/*
 * Replace what ${carry} knows of runs by those of the subject in which, or in
 * what was decoded from which, a secret was. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_views_leave(
	const struct ks_views *views, struct ks_carry *carry);

/* Turn bytes [start, end) of view ${index} into those of the subject. */
void ks_views_raw(const struct ks_views *views, uint32_t index, size_t *start,
	size_t *end);

/*
 * How view ${index} is encoded: enum ks_encoding, the outermost in the lowest
 * four bits, what is in it in the next; 0 for the subject itself.
 */
uint32_t ks_views_encodings(const struct ks_views *views, uint32_t index);

void ks_views_release(struct ks_views *views);

#endif
