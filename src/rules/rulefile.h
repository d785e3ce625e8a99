/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: YAML -> drafts. docs/rules.md describes the format. */
#ifndef KS_RULES_RULEFILE_H
#define KS_RULES_RULEFILE_H

#include "rules/draft.h"

enum {
	KS_RULEFILE_MAX_BYTES = 8 << 20 /* of one rule file */
};

/* Whose file it is, and so what may be in it. */
enum ks_rulefile_kind {
	KS_RULEFILE_BUILTIN, /* a list of rules, each with samples */
	KS_RULEFILE_USER,    /* a list of rules, or {rules: [...]} */
	KS_RULEFILE_CONFIG   /* the same, and what is not for us */
};

/*
 * Append the rules of the YAML ${text} to ${drafts}. ${file} is its name for
 * messages (copied). What can be told from one field alone is checked here,
 * the rest by ks_drafts_check(). Anchors, aliases and tags are refused.
 * KS_E_RULE names file, line, rule and what is wrong; KS_E_NOMEM. ${drafts}
 * may hold some of the rules then.
 */
KS_MUST_CHECK int ks_rulefile_parse(struct ks_drafts *drafts,
	struct ks_span text, const char *file, enum ks_rulefile_kind kind,
	struct ks_err *err);

#endif
