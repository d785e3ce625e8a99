/* SPDX-License-Identifier: Apache-2.0 */
/* The formats by name, and what writing each of them has in common. */
#include <keysieve/report.h>

#include "report/summary.h"
#include "report/writer.h"

#include <errno.h>
#include <string.h>

static const struct ks_writer writers[KS_FORMAT_COUNT] = {
	[KS_FORMAT_TEXT] = { "text", ks_text_write },
	[KS_FORMAT_JSONL] = { "jsonl", ks_jsonl_write },
	[KS_FORMAT_JSON] = { "json", ks_json_write },
	[KS_FORMAT_SARIF] = { "sarif", ks_sarif_write },
	[KS_FORMAT_CSV] = { "csv", ks_csv_write },
	[KS_FORMAT_JUNIT] = { "junit", ks_junit_write },
	[KS_FORMAT_GITLAB] = { "gitlab", ks_gitlab_write },
	[KS_FORMAT_GITHUB] = { "github", ks_github_write },
	[KS_FORMAT_HTML] = { "html", ks_html_write },
	[KS_FORMAT_MARKDOWN] = { "markdown", ks_markdown_write },
};

int ks_format_parse(const char *name)
{
	for (int i = 0; i < KS_FORMAT_COUNT; i++) {
		if (strcmp(writers[i].name, name) == 0)
			return i;
	}
	return -1;
}

int ks_writer_check(FILE *file, struct ks_err *err)
{
	if (!ferror(file))
		return 0;
	return ks_fail_errno(
		err, errno ? errno : EIO, "cannot write the report");
}

static int write_with(const struct ks_writer *writer,
	const struct ks_report *report, struct ks_err *err)
{
	int rc;

	errno = 0;
	rc = writer->write(report, err);
	if (rc)
		return rc;
	fflush(report->file);
	return ks_writer_check(report->file, err);
}

int ks_report_write(FILE *file, const struct ks_result *result,
	const struct ks_rules *rules, const struct ks_report_options *options,
	struct ks_err *err)
{
	struct ks_report report = {
		.file = file,
		.result = result,
		.rules = rules,
		.options = options,
	};

	if ((unsigned)options->format >= KS_FORMAT_COUNT)
		return ks_fail(err, KS_E_USAGE, "unknown format %d",
			(int)options->format);
	return write_with(&writers[options->format], &report, err);
}

int ks_report_summarise(FILE *file, const struct ks_result *result,
	const struct ks_report_options *options, struct ks_err *err)
{
	static const struct ks_writer summary = { "", ks_summary_write };
	struct ks_report report = {
		.file = file,
		.result = result,
		.options = options,
	};

	return write_with(&summary, &report, err);
}
