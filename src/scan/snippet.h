/* SPDX-License-Identifier: Apache-2.0 */
/* The line around a hit, read again and redacted. */
#ifndef KS_SCAN_SNIPPET_H
#define KS_SCAN_SNIPPET_H

#include "blobs/reader.h"
#include "scan/hide.h"

enum {
	KS_SNIPPET_SIDE = 100,   /* bytes shown on each side of a secret */
	KS_SNIPPET_SECRET = 8192 /* bytes of it that are looked at */
};

/* Zero-initialise; ks_snippets_release() frees. */
struct ks_snippets {
	const struct ks_hits *hits;
	struct ks_reader *reader; /* NULL: no repository */
	struct ks_hide *hide;
	struct ks_arena *arena;
	uint64_t limit;     /* bytes of an object to read */
	struct ks_buf file; /* of the file read last */
	uint32_t file_where;
	struct ks_span input; /* standard input, kept */
	uint32_t *by_where;   /* hits sorted by place */
	size_t *first;        /* a place's first one in by_where */
	struct ks_hidden *known;
	size_t known_cap;
};

/* Sort the hits by place. KS_E_NOMEM. */
KS_MUST_CHECK int ks_snippets_init(struct ks_snippets *snippets,
	const struct ks_hits *hits, struct ks_reader *reader,
	struct ks_hide *hide, struct ks_arena *arena, uint64_t limit);

/*
 * The line with ${hit}, at most KS_SNIPPET_SIDE bytes around the secret, all
 * secrets in it redacted; from the arena. "" where the object cannot be read
 * again. NULL when memory ran out.
 */
const char *ks_snippet_of(
	struct ks_snippets *snippets, const struct ks_hit *hit);

/* ${snippets} may be zeroed. */
void ks_snippets_release(struct ks_snippets *snippets);

#endif
