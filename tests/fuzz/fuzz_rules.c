/* SPDX-License-Identifier: Apache-2.0 */
/* A rule file: YAML, patterns and the anchors derived from them. */
#include "input.h"
#include "rules/rulefile.h"

enum {
	FILE_MAX = 4096 /* bytes: PCRE2 may take long over long patterns */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct ks_buf text = fuzz_take(&input, FILE_MAX);
	struct ks_drafts drafts = { 0 };
	struct ks_err err;
	int rc;

	rc = ks_rulefile_parse(&drafts, ks_buf_span(&text), "fuzz.yaml",
		KS_RULEFILE_CONFIG, &err);
	if (rc == KS_OK)
		rc = ks_drafts_check(&drafts, &err);
	fuzz_require(rc == KS_OK || err.message[0]);
	for (size_t i = 0; rc == KS_OK && i < drafts.count; i++) {
		const struct ks_rule *rule = &drafts.list[i].rule;

		fuzz_require(rule->id[0] && rule->pattern[0]);
		fuzz_require(rule->anchor_min <= rule->anchor_max);
		fuzz_require(rule->confidence >= 0 && rule->confidence <= 1);
	}
	ks_drafts_release(&drafts);
	ks_buf_release(&text);
	return 0;
}
