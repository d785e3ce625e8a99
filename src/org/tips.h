/* SPDX-License-Identifier: Apache-2.0 */
/* What a repository's refs lead to now, and what they led to before. */
#ifndef KS_ORG_TIPS_H
#define KS_ORG_TIPS_H

#include "scan/bring.h"
#include "source/refs.h"
#include "store/state.h"

/* Zero-initialise ({0}); ks_tips_release() frees. */
struct ks_tips {
	struct ks_layout layout;
	struct ks_refs refs;
	struct ks_arena arena;
	char digest[KS_STATE_DIGEST]; /* of all names and ids */
	const char **hex;             /* each id once, sorted */
	size_t count;
	struct ks_oids fresh;  /* now, and not before */
	struct ks_oids left;   /* before, and not now */
	struct ks_oids stayed; /* before, and now */
};

/*
 * Find the repository at ${path}, not above it, and read its refs and reflogs,
 * nothing else. KS_E_REPO, KS_E_UNSUPPORTED, KS_E_CORRUPT, KS_E_IO,
 * KS_E_NOMEM; ${tips} is to be released then too.
 */
KS_MUST_CHECK int ks_tips_read(
	struct ks_tips *tips, const char *path, struct ks_err *err);

/* Fill fresh, left and stayed from what the store knows. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_tips_compare(struct ks_tips *tips, struct ks_state *state,
	int64_t repository, struct ks_err *err);

/*
 * Do the refs still lead to all that they led to before? What cannot be read
 * is a no. KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_tips_have_grown(struct ks_tips *tips,
	const volatile int *cancel, bool *have_grown, struct ks_err *err);

void ks_tips_release(struct ks_tips *tips);

#endif
