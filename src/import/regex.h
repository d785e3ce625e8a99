/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of other tools, rewritten as ours. */
#ifndef KS_IMPORT_REGEX_H
#define KS_IMPORT_REGEX_H

#include "base/buf.h"

/*
 * ${pattern} into ${out} (emptied first), with the capturing group that the
 * other tool reports named `secret`: the one called ${name} if that is given
 * and there, else number ${group}, or the first if ${group} is 0. Without
 * any group all is the secret. Flags at the front stay there; a class behind
 * them that may be empty is left out, as it decides nothing and would cost
 * time. KS_E_NOTFOUND if there is no group of this number, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_regex_secret(struct ks_buf *out, const char *pattern,
	unsigned group, const char *name);

/* The same with all of the pattern for the secret. KS_E_NOMEM. */
KS_MUST_CHECK int ks_regex_whole(struct ks_buf *out, const char *pattern);

/* ${text} as a pattern that matches just it, appended. KS_E_NOMEM. */
KS_MUST_CHECK int ks_regex_quote(struct ks_buf *out, const char *text);

/*
 * Does ${word} stand in the text of ${pattern}, in any case? Then a match
 * most likely holds it.
 */
bool ks_regex_has_word(const char *pattern, const char *word);

#endif
