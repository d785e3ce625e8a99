/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format html: one page that needs nothing else. Its template, style and
 * script are the files in html/; the findings are JSON in it, which its script
 * shows as text. A policy with the hashes of style and script lets nothing
 * else run or load, whatever a repository has in its names.
 */
#include "base/base64.h"
#include "base/sha256.h"
#include "report/cloud.h"
#include "report/fields.h"
#include "report/html/page.h"
#include "report/place.h"
#include "report/record.h"
#include "report/writer.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES_MAX = 200, /* of a finding; they are counted all */
	SKIPS_MAX = 100
};

#define POLICY                                                                 \
	"default-src 'none'; base-uri 'none'; form-action 'none'; "            \
	"require-trusted-types-for 'script'; "

static int add_hash(struct ks_buf *out, const char *text)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	int rc;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, text, strlen(text));
	ks_sha256_final(&hash, digest);
	rc = ks_buf_add_str(out, "'sha256-");
	if (!rc)
		rc = ks_base64_encode(out, ks_span_of(digest, sizeof(digest)));
	return rc ? rc : ks_buf_add_str(out, "'");
}

static int write_policy(const struct ks_report *report, struct ks_err *err)
{
	struct ks_buf policy = { 0 };
	int rc = ks_buf_add_str(&policy, POLICY "style-src ");

	if (!rc)
		rc = add_hash(&policy, ks_page_style);
	if (!rc)
		rc = ks_buf_add_str(&policy, "; script-src ");
	if (!rc)
		rc = add_hash(&policy, ks_page_script);
	if (!rc)
		fwrite(policy.p, 1, policy.n, report->file);
	ks_buf_release(&policy);
	return rc ? ks_fail_nomem(err) : 0;
}

/*
 * What could end the element, or begin a comment or another one, stands as an
 * escape of JSON.
 */
static int write_safely(FILE *file, json_t *value, struct ks_err *err)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY |
						       JSON_REAL_PRECISION(15))
			   : NULL;

	json_decref(value);
	if (!text)
		return ks_fail_nomem(err);
	for (const char *at = text; *at;) {
		size_t n = strcspn(at, "<>&");

		fwrite(at, 1, n, file);
		at += n;
		if (*at)
			fprintf(file, "\\u%04x", (unsigned char)*at++);
	}
	free(text);
	return ks_writer_check(file, err);
}

/* What a page of thousands has in the places already, or does not show. */
static void remove_doubles(json_t *record)
{
	static const char *const keys[] = { "path", "line", "column",
		"end_line", "end_column", "blob", "commit", "author", "email",
		"date", "message", "snippet", "encoding", "path_base64" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		json_object_del(record, keys[i]);
}

/* The record with all places, but not more than are worth their room. */
static json_t *finding_of(
	const struct ks_report *report, const struct ks_finding *finding)
{
	struct ks_report_options options = *report->options;
	struct ks_finding some = *finding;
	struct ks_fields fields;

	options.occurrences = true;
	some.place_count = ks_place_count(finding);
	if (some.occurrence_count > PLACES_MAX)
		some.occurrence_count = PLACES_MAX;
	fields.object = ks_record_finding(&some, &options);
	fields.has_failed = fields.object == NULL;
	remove_doubles(fields.object);
	ks_fields_bool(&fields, "cloud", ks_cloud_has_rule(finding->rule));
	return ks_fields_end(&fields);
}

static int write_findings(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	int rc = 0;

	fputs("\"findings\":[", report->file);
	for (size_t i = 0; i < result->finding_count && !rc; i++) {
		fputs(i ? ",\n" : "\n", report->file);
		rc = write_safely(report->file,
			finding_of(report, &result->findings[i]), err);
	}
	fputs("\n]", report->file);
	return rc;
}

static json_t *skipped_of(const struct ks_result *result)
{
	json_t *array = json_array();
	size_t count = 0;

	for (size_t i = 0; i < result->skip_count && count < SKIPS_MAX; i++) {
		if (!ks_skip_is_incomplete(result->skips[i].reason))
			continue;
		count++;
		if (json_array_append_new(
			    array, ks_record_skip(&result->skips[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* All but the findings, as the last member: "scan". */
static json_t *scan_of(const struct ks_report *report)
{
	const struct ks_result *result = report->result;
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "version", KS_VERSION);
	ks_fields_str(&fields, "source", result->source);
	ks_fields_bool(&fields, "is_repository", result->is_repository);
	ks_fields_bool(&fields, "complete", result->is_complete);
	ks_fields_bool(&fields, "secrets_shown", report->options->show_secrets);
	ks_fields_set(
		&fields, "coverage", ks_record_coverage(&result->coverage));
	ks_fields_set(&fields, "skipped", skipped_of(result));
	return ks_fields_end(&fields);
}

static int write_data(const struct ks_report *report, struct ks_err *err)
{
	int rc;

	fputs("{\"scan\":", report->file);
	rc = write_safely(report->file, scan_of(report), err);
	fputs(",", report->file);
	if (!rc)
		rc = write_findings(report, err);
	fputs("}", report->file);
	return rc;
}

static int write_text(FILE *file, const char *text)
{
	fputs(text, file);
	return 0;
}

/* What stands for a part of the page in its template. */
static int write_part(
	const struct ks_report *report, struct ks_span name, struct ks_err *err)
{
	if (ks_span_eq(name, ks_span_str("policy")))
		return write_policy(report, err);
	if (ks_span_eq(name, ks_span_str("style")))
		return write_text(report->file, ks_page_style);
	if (ks_span_eq(name, ks_span_str("report")))
		return write_data(report, err);
	return write_text(report->file, ks_page_script);
}

int ks_html_write(const struct ks_report *report, struct ks_err *err)
{
	const char *at = ks_page_template;
	const char *mark;
	int rc = 0;

	while (!rc && (mark = strstr(at, "{{"))) {
		const char *end = strstr(mark, "}}");

		fwrite(at, 1, (size_t)(mark - at), report->file);
		at = end + 2;
		rc = write_part(report,
			ks_span_of(mark + 2, (size_t)(end - mark - 2)), err);
	}
	if (!rc)
		fputs(at, report->file);
	return rc;
}
