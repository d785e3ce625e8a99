/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets out of everything that is shown. */
#ifndef KS_SCAN_HIDE_H
#define KS_SCAN_HIDE_H

#include "scan/finder.h"

/* A part of a text to be hidden: the bytes [start, end). */
struct ks_hidden {
	size_t start;
	size_t end;
	uint32_t rule; /* that found it */
};

/* Belongs to one thread. Zero-initialise; ks_hide_release() frees. */
struct ks_hide {
	struct ks_finder finder;
	bool show; /* hide nothing */
	struct ks_buf out;
	struct ks_hidden *list;
	size_t count;
	size_t cap;
};

/* ${patterns} is borrowed. KS_E_NOMEM. */
KS_MUST_CHECK int ks_hide_init(struct ks_hide *hide,
	struct ks_patterns *patterns, bool show, struct ks_err *err);

/*
 * A copy of ${text} from ${arena} in which every secret that the rules find
 * is redacted, and every place of ${secret} of ${rule} (may be empty), and
 * the ${count} ${known} parts. A NUL in ${text} becomes a space. NULL when
 * memory ran out.
 */
const char *ks_hide_text(struct ks_hide *hide, struct ks_arena *arena,
	struct ks_span text, uint32_t rule, struct ks_span secret,
	const struct ks_hidden *known, size_t count);

/* ${hide} may be zeroed. */
void ks_hide_release(struct ks_hide *hide);

#endif
