/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of a test's own, through the way that rule files take. */
#ifndef TESTS_LIB_RULES_H
#define TESTS_LIB_RULES_H

#include "match/matcher.h"

struct test_rule {
	const char *id;
	const char *pattern;
	const char *more; /* further lines of YAML, two spaces in; or NULL */
};

/*
 * The ${count} rules ${list}, each of confidence 0.5, to be freed by
 * ks_rules_free(). Aborts, saying why, where they are refused.
 */
struct ks_rules *test_rules_load(const struct test_rule *list, size_t count);

/* Rules, their patterns and a matcher. test_engine_close() frees. */
struct test_engine {
	struct ks_rules *rules;
	struct ks_patterns *patterns;
	struct ks_matcher *fast;
	struct ks_matcher *reference;
};

void test_engine_open(
	struct test_engine *engine, const struct test_rule *list, size_t count);
void test_engine_close(struct test_engine *engine);

#endif
