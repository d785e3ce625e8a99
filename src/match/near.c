/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that are tried only near a match of another rule. */
#include "match/near.h"

/* A line is looked at this far, in bytes: minified files have one line. */
enum {
	LINE_MAX_BYTES = 4096
};

/* The start of the line ${lines} above that of ${at}. */
static size_t go_up(struct ks_span text, size_t at, uint32_t lines)
{
	size_t floor = (size_t)LINE_MAX_BYTES * (lines + 1);
	size_t lowest = at > floor ? at - floor : 0;

	for (;;) {
		const uint8_t *end =
			memrchr(text.p + lowest, '\n', at - lowest);

		if (!end)
			return lowest;
		at = (size_t)(end - text.p);
		if (lines-- == 0)
			return at + 1;
	}
}

/* The end of the line ${lines} below that of ${at}. */
static size_t go_down(struct ks_span text, size_t at, uint32_t lines)
{
	size_t ceiling = (size_t)LINE_MAX_BYTES * (lines + 1);
	size_t highest = text.n - at > ceiling ? at + ceiling : text.n;

	for (;;) {
		const uint8_t *end = memchr(text.p + at, '\n', highest - at);

		if (!end)
			return highest;
		at = (size_t)(end - text.p);
		if (lines-- == 0)
			return at;
		at++;
	}
}

int ks_near_find(struct ks_confirm *confirm, struct ks_span subject,
	struct ks_matches *matches, struct ks_err *err)
{
	const struct ks_rules *rules = ks_patterns_rules(confirm->patterns);
	const uint8_t *wanted = ks_patterns_wanted(confirm->patterns);
	const size_t count = matches->count;
	int rc = KS_OK;

	for (uint32_t r = 0; r < rules->count; r++) {
		const struct ks_rule_link *near = &rules->list[r].near;

		if (near->rule == KS_RULE_NONE || !wanted[r])
			continue;
		for (size_t i = 0; rc == KS_OK && i < count; i++) {
			size_t at = matches->list[i].secret_start;

			if (matches->list[i].rule != near->rule)
				continue;
			rc = ks_confirm_search(confirm, r, subject,
				go_up(subject, at, near->within_lines),
				go_down(subject, at, near->within_lines),
				matches, err);
		}
	}
	return rc;
}
