/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning texts in memory. */
#include "scan/gather.h"
#include "scan/result.h"

static int scan(struct ks_gather *gather, const struct ks_text *texts,
	size_t count, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++)
		rc = ks_worker_text(&gather->workers[0], texts[i].name,
			ks_span_of(texts[i].bytes, texts[i].length), err);
	return rc == KS_OK ? ks_gather_merge(gather, err) : rc;
}

int ks_scan_texts(struct ks_result **out, const struct ks_text *texts,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	struct ks_gather gather = { 0 };
	int rc = ks_gather_begin(&gather, "", options, 1, KS_OID_SHA1, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = scan(&gather, texts, count, err);
	if (rc == KS_OK)
		rc = ks_result_make(out, &gather, err);
	ks_gather_release(&gather);
	return rc;
}
