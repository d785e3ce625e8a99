/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format sarif: Static Analysis Results Interchange Format 2.1.0, an
 * OASIS standard. § numbers below are its sections. A log is made to be
 * uploaded: it never holds a secret, whatever the options say.
 */
#include "report/allowed.h"
#include "report/fields.h"
#include "report/place.h"
#include "report/record.h"
#include "report/sarif_rule.h"
#include "report/tally.h"
#include "report/uri.h"
#include "report/writer.h"

#include <inttypes.h>
#include <string.h>

#define SCHEMA_URI                                                             \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"
/* The name that code hosts give the top of the repository. */
#define ROOT "%SRCROOT%"

static json_t *message(const char *text)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "text", text);
	return ks_fields_end(&fields);
}

/* §3.4 */
static json_t *artifact_location(const char *path)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_buf uri = { 0 };

	if (ks_uri_add_path(&uri, path))
		fields.has_failed = true;
	ks_fields_set(&fields, "uri", ks_fields_string(ks_buf_span(&uri)));
	if (path[0] != '/')
		ks_fields_str(&fields, "uriBaseId", ROOT);
	ks_buf_release(&uri);
	return ks_fields_end(&fields);
}

/* §3.30; endColumn is one past the last character. */
static json_t *region(const struct ks_occurrence *at, bool has_snippet)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_count(&fields, "startLine", at->line);
	ks_fields_count(&fields, "startColumn", at->column);
	ks_fields_count(&fields, "endLine", at->end_line);
	ks_fields_count(&fields, "endColumn", at->end_column + 1);
	if (has_snippet && at->snippet[0])
		ks_fields_set(&fields, "snippet", message(at->snippet));
	return ks_fields_end(&fields);
}

/* §3.29 */
static json_t *physical_location(
	const struct ks_occurrence *at, bool has_snippet)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_set(&fields, "artifactLocation", artifact_location(at->path));
	if (at->line > 0 && at->column > 0 && at->end_line >= at->line)
		ks_fields_set(&fields, "region", region(at, has_snippet));
	return ks_fields_end(&fields);
}

/* §3.28 */
static json_t *location(const struct ks_occurrence *at, bool has_snippet)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_fields properties = ks_fields_begin();

	ks_fields_set(&fields, "physicalLocation",
		physical_location(at, has_snippet));
	if (at->blob[0])
		ks_fields_str(&properties, "blob", at->blob);
	if (at->commit[0])
		ks_fields_str(&properties, "commit", at->commit);
	ks_fields_bool(&properties, "in_head", at->in_head);
	ks_fields_set(&fields, "properties", ks_fields_end(&properties));
	return ks_fields_end(&fields);
}

static json_t *locations_of(const struct ks_finding *finding,
	const struct ks_report_options *options)
{
	json_t *array = json_array();
	json_t *item =
		location(ks_place_to_show(finding), !options->show_secrets);

	if (json_array_append_new(array, item)) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *other_locations(const struct ks_finding *finding,
	const struct ks_report_options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->occurrence_count; i++) {
		const struct ks_occurrence *at = &finding->occurrences[i];

		if (at == ks_place_to_show(finding))
			continue;
		if (json_array_append_new(
			    array, location(at, !options->show_secrets))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* §3.27.11 */
static json_t *message_of(
	const struct ks_report *report, const struct ks_finding *finding)
{
	struct ks_buf text = { 0 };
	json_t *value = NULL;
	int rc = ks_buf_printf(
		&text, "%s found: %s", finding->rule_name, finding->redacted);

	if (!rc && report->result->is_repository)
		rc = ks_buf_printf(&text, " (%s)", ks_place_standing(finding));
	if (!rc && finding->rotate[0])
		rc = ks_buf_printf(&text, ". Rotate it: %s", finding->rotate);
	if (!rc && ks_buf_str(&text))
		value = message(ks_buf_str(&text));
	ks_buf_release(&text);
	return value;
}

static json_t *properties_of(const struct ks_finding *finding)
{
	const struct ks_occurrence *oldest = &finding->occurrences[0];
	struct ks_fields fields = ks_fields_begin();
	char date[KS_RECORD_DATE_MAX];

	ks_record_date(date, oldest);
	ks_fields_real(&fields, "confidence", finding->confidence, 2);
	ks_fields_real(&fields, "entropy", finding->entropy, 2);
	ks_fields_bool(&fields, "in_head", finding->in_head);
	ks_fields_set(&fields, "branches", ks_record_branches(finding));
	ks_fields_count(&fields, "occurrence_count", ks_place_count(finding));
	if (oldest->commit[0])
		ks_fields_str(&fields, "commit", oldest->commit);
	if (oldest->author[0])
		ks_fields_str(&fields, "author", oldest->author);
	if (date[0])
		ks_fields_str(&fields, "date", date);
	if (finding->pair[0])
		ks_fields_str(&fields, "pair", finding->pair);
	return ks_fields_end(&fields);
}

/* §3.35: a marker is in the source, all else is not. */
static json_t *suppressions_of(const struct ks_finding *finding)
{
	struct ks_fields fields = ks_fields_begin();
	json_t *array = json_array();

	ks_fields_str(&fields, "kind",
		finding->suppression == KS_SUPPRESSED_INLINE ? "inSource"
							     : "external");
	ks_fields_str(&fields, "status", "accepted");
	if (finding->reason[0])
		ks_fields_str(&fields, "justification", finding->reason);
	if (json_array_append_new(array, ks_fields_end(&fields))) {
		json_decref(array);
		return NULL;
	}
	return array;
}

/* §3.27 */
static json_t *result_of(const struct ks_report *report,
	const struct ks_finding *finding, size_t rule_index)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_fields prints = ks_fields_begin();
	char print[20];

	ks_fields_str(&fields, "ruleId", finding->rule);
	ks_fields_count(&fields, "ruleIndex", rule_index);
	ks_fields_str(
		&fields, "level", ks_sarif_rule_level(finding->confidence));
	ks_fields_set(&fields, "message", message_of(report, finding));
	ks_fields_set(
		&fields, "locations", locations_of(finding, report->options));
	if (report->options->occurrences && finding->occurrence_count > 1)
		ks_fields_set(&fields, "relatedLocations",
			other_locations(finding, report->options));
	ks_fields_str(&prints, "keysieve/v1", finding->fingerprint);
	/* The only one that GitHub heeds; else it hashes the line's text. */
	snprintf(print, sizeof(print), "%.16s:1", finding->fingerprint);
	ks_fields_str(&prints, "primaryLocationLineHash", print);
	ks_fields_set(&fields, "partialFingerprints", ks_fields_end(&prints));
	if (finding->is_suppressed)
		ks_fields_set(
			&fields, "suppressions", suppressions_of(finding));
	ks_fields_real(&fields, "rank", finding->confidence * 100, 0);
	ks_fields_set(&fields, "properties", properties_of(finding));
	return ks_fields_end(&fields);
}

/* §3.58 */
static json_t *notification(enum ks_skip_reason reason, const char *text)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_fields descriptor = ks_fields_begin();

	ks_fields_str(&descriptor, "id", ks_skip_reason_name(reason));
	ks_fields_set(&fields, "descriptor", ks_fields_end(&descriptor));
	ks_fields_str(&fields, "level",
		ks_skip_is_incomplete(reason) ? "error" : "note");
	ks_fields_set(&fields, "message", message(text));
	return ks_fields_end(&fields);
}

static json_t *skip_notification(const struct ks_skip *skip)
{
	struct ks_buf text = { 0 };
	json_t *value = NULL;

	if (ks_buf_printf(&text, "not scanned: %s%s%s", skip->what,
		    skip->detail[0] ? ": " : "", skip->detail) == 0 &&
		ks_buf_str(&text))
		value = notification(skip->reason, ks_buf_str(&text));
	ks_buf_release(&text);
	return value;
}

/* How many skips of ${reason} are only counted, not listed. */
static uint64_t unlisted(
	const struct ks_result *result, enum ks_skip_reason reason)
{
	uint64_t count = result->coverage.skips[reason];

	for (size_t i = 0; i < result->skip_count && count > 0; i++)
		count -= result->skips[i].reason == reason;
	return count;
}

static json_t *notifications_of(const struct ks_result *result)
{
	json_t *array = json_array();
	bool has_failed = !array;

	for (size_t i = 0; i < result->skip_count; i++)
		has_failed |=
			json_array_append_new(array,
				skip_notification(&result->skips[i])) != 0;
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		enum ks_skip_reason reason = (enum ks_skip_reason)i;
		uint64_t count = unlisted(result, reason);
		char text[64];

		if (count == 0)
			continue;
		snprintf(text, sizeof(text), "not scanned: %" PRIu64 " more",
			count);
		has_failed |= json_array_append_new(
				      array, notification(reason, text)) != 0;
	}
	if (!has_failed)
		return array;
	json_decref(array);
	return NULL;
}

/* §3.20 */
static json_t *invocation_of(const struct ks_result *result)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_bool(&fields, "executionSuccessful", result->is_complete);
	ks_fields_set(&fields, "toolExecutionNotifications",
		notifications_of(result));
	return ks_fields_end(&fields);
}

static json_t *run_properties(const struct ks_result *result)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "source", result->source);
	ks_fields_bool(&fields, "complete", result->is_complete);
	ks_fields_bool(&fields, "shallow", result->is_shallow);
	ks_fields_bool(&fields, "partial", result->is_partial);
	ks_fields_set(
		&fields, "coverage", ks_record_coverage(&result->coverage));
	ks_fields_set(&fields, "suppressed", ks_allowed_record(result));
	return ks_fields_end(&fields);
}

static int write_member(
	FILE *file, const char *key, json_t *value, struct ks_err *err)
{
	fprintf(file, ",\n\"%s\":", key);
	return ks_fields_write(file, value, err);
}

static int write_list(const struct ks_report *report,
	const struct ks_tally *tally, const struct ks_finding *findings,
	size_t count, bool *is_first, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		size_t index = ks_tally_find(tally, findings[i].rule);
		int rc;

		fputs(*is_first ? "\n" : ",\n", report->file);
		*is_first = false;
		rc = ks_fields_write(report->file,
			result_of(report, &findings[i], index), err);
		if (rc)
			return rc;
	}
	return 0;
}

static int write_results(const struct ks_report *report,
	const struct ks_tally *tally, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	bool is_first = true;
	int rc;

	fputs(",\n\"results\":[", report->file);
	rc = write_list(report, tally, result->findings, result->finding_count,
		&is_first, err);
	if (!rc)
		rc = write_list(report, tally, result->suppressed_findings,
			result->suppressed_count, &is_first, err);
	fputs("\n]", report->file);
	return rc;
}

static int write_run(const struct ks_report *report,
	const struct ks_tally *tally, struct ks_err *err)
{
	FILE *file = report->file;
	int rc;

	/* §3.14.17: ours are bytes, the same for ASCII. */
	fputs("{\"columnKind\":\"unicodeCodePoints\"", file);
	rc = write_member(
		file, "tool", ks_sarif_rule_tool(tally, report->rules), err);
	if (!rc)
		rc = write_results(report, tally, err);
	if (rc)
		return rc;
	fputs(",\n\"invocations\":[", file);
	rc = ks_fields_write(file, invocation_of(report->result), err);
	fputs("]", file);
	if (!rc)
		rc = write_member(file, "properties",
			run_properties(report->result), err);
	fputs("}", file);
	return rc;
}

int ks_sarif_write(const struct ks_report *report, struct ks_err *err)
{
	struct ks_tally tally = { 0 };
	const struct ks_result *result = report->result;
	int rc = ks_tally_count(
		&tally, result->findings, result->finding_count, err);

	if (!rc)
		rc = ks_tally_count(&tally, result->suppressed_findings,
			result->suppressed_count, err);

	if (!rc) {
		fputs("{\"$schema\":\"" SCHEMA_URI "\",\n"
		      "\"version\":\"2.1.0\",\n\"runs\":[",
			report->file);
		rc = write_run(report, &tally, err);
		fputs("]}\n", report->file);
	}
	ks_tally_release(&tally);
	return rc;
}
