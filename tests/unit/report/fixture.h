/* SPDX-License-Identifier: Apache-2.0 */
/* Results to report, and what a format makes of them. */
#ifndef KS_TESTS_UNIT_REPORT_FIXTURE_H
#define KS_TESTS_UNIT_REPORT_FIXTURE_H

#include <keysieve/report.h>

#include <jansson.h>

/*
 * A repository with three findings: a key id in HEAD with a pair and three
 * places, its key, and a token in history only. Storage is static: one is
 * alive at a time, and each call begins anew.
 */
struct fixture {
	struct ks_result result;
	struct ks_finding findings[3];
	struct ks_occurrence places[5];
	struct ks_skip skips[3];
};

struct fixture *fixture_new(void);

/* ${result} as ${options} say, NUL-terminated; to be freed. */
char *fixture_render(const struct ks_result *result,
	const struct ks_report_options *options);

/* The summary alone; to be freed. */
char *fixture_summarise(const struct ks_result *result, unsigned width);

/* ${text} parsed, or a failed test; to be released by json_decref(). */
json_t *fixture_parse(const char *text);

#endif
