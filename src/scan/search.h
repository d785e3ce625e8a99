/* SPDX-License-Identifier: Apache-2.0 */
/* Searching something, and what is packed in it, with its skips noted. */
#ifndef KS_SCAN_SEARCH_H
#define KS_SCAN_SEARCH_H

#include "scan/finder.h"
#include "scan/skips.h"

/* How far archives are unpacked. */
struct ks_unpacking {
	unsigned depth;   /* archives within archives; 0: none is opened */
	uint64_t bytes;   /* unpacked, of one archive and all in it */
	uint64_t ratio;   /* of these to its own, once they are many */
	uint64_t entries; /* of one archive and all in it */
	const volatile int *cancel; /* may be NULL */
};

/* What was unpacked. */
struct ks_unpacked {
	uint64_t archives;
	uint64_t entries; /* files in them */
	uint64_t bytes;
};

/* Who searches, what for, and how far; all borrowed. */
struct ks_search {
	struct ks_finder *finder;
	struct ks_skips *skips; /* NULL: they are not noted */
	const struct ks_unpacking *limits;
	struct ks_unpacked *unpacked;
};

/*
 * Find the secrets in ${subject}, a text, as ks_finder_run(). What the finder
 * gave up is noted as a skip. KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_search_text(const struct ks_search *search,
	const struct ks_subject *subject, const struct ks_where *where,
	size_t *found, struct ks_err *err);

/*
 * The same of ${subject}, a file; if it is an archive also in that, and what of
 * it could not be unpacked is noted. KS_E_INTERRUPTED too.
 */
KS_MUST_CHECK int ks_search_file(const struct ks_search *search,
	const struct ks_subject *subject, const struct ks_where *where,
	struct ks_err *err);

/*
 * The same of a file that is too large to be held and comes from ${stream},
 * which may end with an error of its own: what was found by then stays. If it
 * is an archive, a temporary file is made of it.
 */
KS_MUST_CHECK int ks_search_stream(const struct ks_search *search,
	struct ks_stream *stream, const struct ks_where *where,
	struct ks_err *err);

/*
 * The finder alone, its skips noted: of a part of an archive, which comes from
 * ${stream} and is held by nobody.
 */
KS_MUST_CHECK int ks_search_flow(const struct ks_search *search,
	struct ks_stream *stream, const struct ks_where *where,
	struct ks_err *err);

/* Note that of ${where} something was left out, unless nobody is told. */
KS_MUST_CHECK int ks_search_skip(const struct ks_search *search,
	enum ks_skip_reason reason, const struct ks_where *where,
	const char *detail, struct ks_err *err);

#endif
