/* SPDX-License-Identifier: Apache-2.0 */
/* How many findings each rule has. */
#ifndef KS_REPORT_TALLY_H
#define KS_REPORT_TALLY_H

#include <keysieve/finding.h>

#include "base/err.h"

struct ks_tally_rule {
	const struct ks_finding *first; /* the first finding of the rule */
	size_t count;                   /* of findings */
	size_t in_head;                 /* of those, in HEAD */
};

/* Zero-initialise ({0}); ks_tally_release() frees. */
struct ks_tally {
	/* In the order in which the findings first name them. */
	struct ks_tally_rule *rules;
	size_t count;
	size_t cap;
	size_t in_head; /* findings of any rule */
};

/*
 * Count the ${count} ${findings} too, which must outlive ${tally}, by rule.
 * O(findings * rules). KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_tally_count(struct ks_tally *tally,
	const struct ks_finding *findings, size_t count, struct ks_err *err);

/* The place of the rule ${id} in tally->rules; it must be there. */
size_t ks_tally_find(const struct ks_tally *tally, const char *id);

/* Put the rules with the most findings first. */
void ks_tally_sort(struct ks_tally *tally);

void ks_tally_release(struct ks_tally *tally);

#endif
