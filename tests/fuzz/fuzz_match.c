/* SPDX-License-Identifier: Apache-2.0 */
/* The two engines on an object and a delta against it: alike in all. */
#include "delta_input.h"
#include "input.h"
#include "lib/packs.h"
#include "match/matcher.h"
#include "rules/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#define RULE(id, more, pattern)                                                \
	"- {id: " id ", name: " id ", confidence: 0.5" more ", match: [a, b]," \
	" no_match: [c, d], pattern: '" pattern "'}\n"

/* One of each way in which a pattern can look around or have no bound. */
static const char rule_file[] = RULE("fixed", "", "ABC(?<secret>[0-9]{4})")
	RULE("word", "", "\\b(?<secret>key_[a-z]{3,})\\b") RULE(
		"open", "", "(?<secret>xyz[^;]+);") RULE("behind", "",
		"(?<=:)(?<secret>abc[0-9]{2})(?!!)") RULE("lines", "",
		"BEGIN\\n(?<secret>(?:[a-z]+\\n)+)END")
		RULE("choice", "", "(?:foo|BAR)=(?<secret>\\S{1,9})") RULE(
			"line", "", "(?m)^id (?<secret>[^\\n]{2,20})$")
			RULE("close", ", near: {id: fixed, within_lines: 1}",
				"(?<secret>[=%]{3})");

static struct ks_patterns *make_patterns(void)
{
	char *dir = test_dir_new();
	char *path;
	const char *paths[1];
	struct ks_rules *rules;
	struct ks_patterns *patterns;
	struct ks_err err;

	test_file_write(dir, "rules.yaml", ks_span_str(rule_file));
	fuzz_require(asprintf(&path, "%s/rules.yaml", dir) > 0);
	paths[0] = path;
	fuzz_require(ks_rules_load_only(&rules, paths, 1, &err) == KS_OK);
	fuzz_require(ks_patterns_new(&patterns, rules, NULL, &err) == KS_OK);
	free(path);
	test_dir_remove(dir);
	return patterns;
}

static void compare(struct ks_matcher *fast, struct ks_matcher *reference,
	const struct ks_subject *subject)
{
	const struct ks_subject whole = { .bytes = subject->bytes };
	struct ks_matches left = { 0 };
	struct ks_matches right = { 0 };
	struct ks_err err;

	fuzz_require(ks_matcher_scan(fast, subject, &left, &err) == KS_OK);
	fuzz_require(ks_matcher_scan(reference, &whole, &right, &err) == KS_OK);
	fuzz_require(left.count == right.count);
	for (size_t i = 0; i < left.count; i++) {
		fuzz_require(left.list[i].rule == right.list[i].rule);
		fuzz_require(left.list[i].secret_start ==
			     right.list[i].secret_start);
		fuzz_require(
			left.list[i].secret_end == right.list[i].secret_end);
	}
	ks_matches_release(&left);
	ks_matches_release(&right);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct ks_patterns *patterns; /* of all inputs */
	static struct ks_matcher *engines[2];
	struct ks_span input = ks_span_of(data, n);
	struct ks_carry carries[2] = { { 0 }, { 0 } };
	struct fuzz_delta drawn;
	struct ks_subject subject;

	if (!patterns)
		patterns = make_patterns();
	for (int i = 0; i < 2 && !engines[i]; i++)
		fuzz_require(ks_matcher_new(&engines[i], patterns, i, NULL) ==
			     KS_OK);
	fuzz_delta_take(&drawn, &input);
	subject = (struct ks_subject){ .bytes = ks_buf_span(&drawn.base),
		.carry = &carries[0] };
	compare(engines[0], engines[1], &subject);
	subject = (struct ks_subject){ .bytes = ks_buf_span(&drawn.result),
		.delta = &drawn.delta,
		.base = &carries[0],
		.carry = &carries[1] };
	compare(engines[0], engines[1], &subject);
	ks_carry_release(&carries[0]);
	ks_carry_release(&carries[1]);
	fuzz_delta_release(&drawn);
	return 0;
}
