/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scan a text in memory: standard input.
 *
 *     cc -o scan_buffer scan_buffer.c $(pkg-config --cflags --libs keysieve)
 */
#include <keysieve/rules.h>
#include <keysieve/scan.h>

#include <stdio.h>

int main(void)
{
	static char bytes[1 << 20];
	struct ks_text text = { .name = "input", .bytes = bytes };
	struct ks_scan_options options = { .jobs = 1,
		.min_confidence = KS_CONFIDENCE_DEFAULT };
	struct ks_rules *rules = NULL;
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	int rc;

	text.length = fread(bytes, 1, sizeof(bytes), stdin);
	/* Once: it may be used for any number of scans, by several threads. */
	rc = ks_rules_load(&rules, NULL, 0, &err);
	if (rc == KS_OK) {
		options.rules = rules;
		rc = ks_scan_texts(&result, &text, 1, &options, &err);
	}
	for (size_t i = 0; rc == KS_OK && i < result->finding_count; i++) {
		const struct ks_finding *one = &result->findings[i];

		printf("%llu: %s: %s\n",
			(unsigned long long)one->occurrences[0].line, one->rule,
			one->redacted);
	}
	if (rc < 0)
		fprintf(stderr, "%s\n", err.message);
	ks_result_free(result);
	ks_rules_free(rules);
	return rc < 0;
}
