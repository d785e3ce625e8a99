/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens with a form of their own. */
#include "rules/token.h"

#include "base/buf.h"
#include "rules/pcre.h"

#define START "(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
#define END "(?![A-Za-z0-9_-])"

int ks_token_expand(const char **pattern, struct ks_arena *arena,
	const char *token, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_pcre_check(token, "token", err);

	if (rc < 0)
		return rc;
	if (ks_buf_printf(&text, "%s(?<secret>%s)%s", START, token, END) ==
		KS_OK)
		*pattern = ks_arena_copy(arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return *pattern ? KS_OK : ks_fail_nomem(err);
}
