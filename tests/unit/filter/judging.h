/* SPDX-License-Identifier: Apache-2.0 */
/* Judging lines of text in tests. */
#ifndef KS_TESTS_FILTER_JUDGING_H
#define KS_TESTS_FILTER_JUDGING_H

#include "filter/filter.h"

/* Judge the part of ${line} between its two bars, which are left out. */
struct ks_verdict judge(const struct ks_rule *rule, const char *line);

/* A rule of ${kind} with a confidence of one half, without checks. */
struct ks_rule rule_of(enum ks_rule_kind kind);

/* As judge(), and fail unless the verdict is ${want}. */
#define assert_reject(rule, line, want)                                        \
	assert_reject_at(rule, line, want, __FILE__, __LINE__)

void assert_reject_at(const struct ks_rule *rule, const char *line,
	enum ks_reject want, const char *file, int at);

/* It is dropped, or less sure than what is shown by default. */
void assert_unlikely_at(
	const struct ks_rule *rule, const char *line, const char *file, int at);
#define assert_unlikely(rule, line)                                            \
	assert_unlikely_at(rule, line, __FILE__, __LINE__)

#endif
