/* SPDX-License-Identifier: Apache-2.0 */
/* Results as text, to compare whole scans. */
#include "told.h"

#include <stdlib.h>
#include <string.h>

char *told(const struct ks_result *result, const struct ks_rules *rules)
{
	struct ks_report_options options = {
		.format = KS_FORMAT_JSONL,
		.show_secrets = true,
		.occurrences = true,
	};
	char *text = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&text, &n);

	if (!file || ks_report_write(file, result, rules, &options, NULL) < 0 ||
		fclose(file) != 0)
		abort();
	return text;
}

const struct ks_finding *told_finding(
	const struct ks_result *result, const char *secret)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		if (strcmp(result->findings[i].secret, secret) == 0)
			return &result->findings[i];
	}
	return NULL;
}
