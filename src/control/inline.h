/* SPDX-License-Identifier: Apache-2.0 */
/* Markers beside a secret that say it may stand there. */
#ifndef KS_CONTROL_INLINE_H
#define KS_CONTROL_INLINE_H

#include "rules/rule.h"

enum {
	KS_INLINE_REACH = 512 /* bytes beside the secret that are looked at */
};

/*
 * Does a marker allow what ${rule} found at [${start}, ${end}) of ${text}?
 * It stands behind the secret on the line on which that ends; for what takes
 * several lines, also anywhere on the first or on the line before. Markers
 * for the next line stand on the line before. docs/control.md lists them.
 */
bool ks_inline_allows(struct ks_span text, size_t start, size_t end,
	const struct ks_rule *rule);

#endif
