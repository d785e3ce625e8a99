/* SPDX-License-Identifier: Apache-2.0 */
/* The format jsonl: one finding, one line. */
#include "report/fields.h"
#include "report/record.h"
#include "report/writer.h"

static int write_list(const struct ks_report *report,
	const struct ks_finding *findings, size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		int rc = ks_fields_write(report->file,
			ks_record_finding(&findings[i], report->options), err);

		if (rc)
			return rc;
		fputc('\n', report->file);
	}
	return 0;
}

int ks_jsonl_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	int rc = write_list(
		report, result->findings, result->finding_count, err);

	return rc ? rc
		  : write_list(report, result->suppressed_findings,
			    result->suppressed_count, err);
}
