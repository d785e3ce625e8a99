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

#endif
