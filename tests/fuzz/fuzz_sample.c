/* SPDX-License-Identifier: Apache-2.0 */
/* A sample template: expanding is bounded and repeats itself. */
#include "input.h"
#include "rules/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_buf text = { 0 };
	struct ks_buf once = { 0 };
	struct ks_buf again = { 0 };
	const char *template;
	struct ks_err err;
	int rc;

	fuzz_require(ks_buf_add(&text, data, n) == KS_OK);
	template = ks_buf_str(&text);
	fuzz_require(template != NULL);
	rc = ks_sample_expand(&once, template, n, &err);
	fuzz_require(rc == KS_OK || (rc == KS_E_RULE && err.message[0]));
	fuzz_require(ks_sample_expand(&again, template, n, &err) == rc);
	fuzz_require(ks_span_eq(ks_buf_span(&once), ks_buf_span(&again)));
	fuzz_require(rc != KS_OK || once.n <= KS_SAMPLE_MAX_BYTES);
	ks_buf_release(&again);
	ks_buf_release(&once);
	ks_buf_release(&text);
	return 0;
}
