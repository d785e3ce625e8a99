/* SPDX-License-Identifier: Apache-2.0 */
/* The format jsonl: one finding, one line. */
#include "report/fields.h"
#include "report/record.h"
#include "report/writer.h"

int ks_jsonl_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;

	for (size_t i = 0; i < result->finding_count; i++) {
		int rc = ks_fields_write(report->file,
			ks_record_finding(
				&result->findings[i], report->options),
			err);

		if (rc)
			return rc;
		fputc('\n', report->file);
	}
	return 0;
}
