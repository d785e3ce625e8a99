/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the making: read from files, then checked and given anchors. */
#ifndef KS_RULES_DRAFT_H
#define KS_RULES_DRAFT_H

#include "base/arena.h"
#include "rules/assigned.h"
#include "rules/rule.h"

enum {
	KS_DRAFTS_MAX = 20000 /* rules in one set */
};

/* Where something stands in a rule file. */
struct ks_draft_place {
	const char *file;
	unsigned line; /* from 1; 0: the built-in rules, which have no lines */
};

struct ks_draft {
	struct ks_rule rule; /* links and widths: set by the check */
	const char *anchor;  /* expression for stage one, "": none */
	/* What the pattern is to be made from; both NULL: it is there. */
	const struct ks_assigned *assigned;
	const char *token;
	bool has_entropy;     /* it was said, not to be derived */
	bool is_generated;    /* values without a digit are none */
	const char *near_id;  /* NULL: no link */
	const char *pairs_id; /* NULL: no link */
	bool is_checked;      /* pattern and widths are known to be right */
	struct ks_draft_place place;
	struct ks_draft_place pattern_place;
};

/* Zero-initialise ({0}); ks_drafts_release() frees. */
struct ks_drafts {
	struct ks_arena arena; /* holds all strings */
	struct ks_draft *list;
	size_t count;
	size_t cap;
};

/*
 * Append a zeroed draft, to be filled; valid until the next one. NULL when
 * memory ran out.
 */
struct ks_draft *ks_drafts_add(struct ks_drafts *drafts);

/*
 * Check all drafts together: ids are unique, links lead somewhere, patterns
 * compile and have a group `secret`; derive anchors and widths. KS_E_RULE
 * names file, line and rule; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_drafts_check(struct ks_drafts *drafts, struct ks_err *err);

void ks_drafts_release(struct ks_drafts *drafts);

#endif
