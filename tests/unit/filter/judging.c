/* SPDX-License-Identifier: Apache-2.0 */
/* Judging lines of text in tests. */
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct ks_verdict judge(const struct ks_rule *rule, const char *line)
{
	char text[4096];
	struct ks_match match = { 0 };
	struct ks_verdict verdict;
	size_t n = 0;
	bool is_open = false;

	for (const char *at = line; *at; at++) {
		if (*at != '|') {
			assert_true(n < sizeof(text));
			text[n++] = *at;
		} else if (!is_open) {
			match.start = match.secret_start = n;
			is_open = true;
		} else {
			match.end = match.secret_end = n;
		}
	}
	assert_true(match.end > match.start);
	ks_filter_judge(&verdict, rule, ks_span_of(text, n), &match);
	return verdict;
}

struct ks_rule rule_of(enum ks_rule_kind kind)
{
	return (struct ks_rule){
		.id = "test", .kind = kind, .confidence = 0.5f
	};
}

void assert_reject_at(const struct ks_rule *rule, const char *line,
	enum ks_reject want, const char *file, int at)
{
	struct ks_verdict verdict = judge(rule, line);

	if (verdict.reject != want)
		print_error("%s: %s, expected: %s\n", line,
			ks_reject_text(verdict.reject), ks_reject_text(want));
	_assert_int_equal(verdict.reject, want, file, at);
	_assert_true(want == KS_REJECT_NONE || verdict.confidence == 0,
		"a confidence of what was dropped", file, at);
}

void assert_unlikely_at(
	const struct ks_rule *rule, const char *line, const char *file, int at)
{
	struct ks_verdict verdict = judge(rule, line);

	if (verdict.confidence >= 0.45f)
		print_error("%s: %g\n", line, (double)verdict.confidence);
	_assert_true(verdict.confidence < 0.45f, "shown by default", file, at);
}
