/* SPDX-License-Identifier: Apache-2.0 */
/* The format json: one object, written finding by finding, a line each. */
#include "report/allowed.h"
#include "report/fields.h"
#include "report/record.h"
#include "report/writer.h"

static int write_head(const struct ks_report *report, struct ks_err *err)
{
	int rc;

	fputs("{\"version\":\"" KS_VERSION "\",\"source\":", report->file);
	rc = ks_fields_write(report->file,
		ks_fields_string(ks_span_str(report->result->source)), err);
	fputs(",\"findings\":[", report->file);
	return rc;
}

static int write_findings(const struct ks_report *report,
	const struct ks_finding *findings, size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		int rc;

		fputs(i ? ",\n" : "\n", report->file);
		rc = ks_fields_write(report->file,
			ks_record_finding(&findings[i], report->options), err);
		if (rc)
			return rc;
	}
	return 0;
}

static int write_skipped(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;

	for (size_t i = 0; i < result->skip_count; i++) {
		int rc;

		fputs(i ? ",\n" : "\n", report->file);
		rc = ks_fields_write(
			report->file, ks_record_skip(&result->skips[i]), err);
		if (rc)
			return rc;
	}
	return 0;
}

int ks_json_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	int rc = write_head(report, err);

	if (!rc)
		rc = write_findings(
			report, result->findings, result->finding_count, err);
	if (rc)
		return rc;
	fputs("\n],\"suppressed\":", report->file);
	rc = ks_fields_write(report->file, ks_allowed_record(result), err);
	if (!rc && result->suppressed_findings) {
		fputs(",\n\"suppressed_findings\":[", report->file);
		rc = write_findings(report, result->suppressed_findings,
			result->suppressed_count, err);
		fputs("\n]", report->file);
	}
	if (rc)
		return rc;
	fputs(",\"coverage\":", report->file);
	rc = ks_fields_write(
		report->file, ks_record_coverage(&result->coverage), err);
	if (rc)
		return rc;
	fputs(",\"skipped\":[", report->file);
	rc = write_skipped(report, err);
	if (rc)
		return rc;
	fprintf(report->file,
		"\n],\"complete\":%s,\"shallow\":%s,\"partial\":%s}\n",
		result->is_complete ? "true" : "false",
		result->is_shallow ? "true" : "false",
		result->is_partial ? "true" : "false");
	return 0;
}
