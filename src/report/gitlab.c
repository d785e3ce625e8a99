/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format gitlab: the report of a secret detection job, as the schema
 * secret-detection-report-format.json of GitLab's security-report-schemas,
 * version 15.0.4, has it. Like SARIF it is made to be uploaded: it never holds
 * a secret.
 */
#include "report/fields.h"
#include "report/place.h"
#include "report/record.h"
#include "report/uri.h"
#include "report/writer.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define SCHEMA_VERSION "15.0.4"
/* What stands for a commit where there is none. */
#define NO_COMMIT "0000000000000000000000000000000000000000"

enum {
	TIME_LENGTH = 19, /* YYYY-MM-DDThh:mm:ss */
	NAME_MAX_BYTES = 255,
	SOLUTION_MAX_BYTES = 7000
};

static json_t *named(const char *key, const char *value)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, key, value);
	return ks_fields_end(&fields);
}

static json_t *list_of(json_t *item)
{
	json_t *array = json_array();

	if (json_array_append_new(array, item)) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *scanner(void)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "id", "keysieve");
	ks_fields_str(&fields, "name", "keysieve");
	ks_fields_str(&fields, "version", KS_VERSION);
	ks_fields_set(&fields, "vendor", named("name", "keysieve"));
	return ks_fields_end(&fields);
}

static void set_time(struct ks_fields *fields, const char *key, time_t when)
{
	char text[TIME_LENGTH + 1] = "1970-01-01T00:00:00";
	struct tm utc;

	if (gmtime_r(&when, &utc) && utc.tm_year <= 9999 - 1900)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	ks_fields_str(fields, key, text);
}

static json_t *messages_of(const struct ks_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; i < result->skip_count; i++) {
		const struct ks_skip *skip = &result->skips[i];
		struct ks_fields fields = ks_fields_begin();
		struct ks_buf text = { 0 };
		bool is_lost = ks_skip_is_incomplete(skip->reason);

		if (ks_buf_printf(&text, "not scanned: %s: %s",
			    ks_skip_reason_name(skip->reason), skip->what))
			fields.has_failed = true;
		ks_fields_str(&fields, "level", is_lost ? "warn" : "info");
		ks_fields_set(
			&fields, "value", ks_fields_string(ks_buf_span(&text)));
		ks_buf_release(&text);
		if (json_array_append_new(array, ks_fields_end(&fields))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *scan_of(const struct ks_result *result)
{
	struct ks_fields fields = ks_fields_begin();
	time_t end = time(NULL);

	ks_fields_set(&fields, "analyzer", scanner());
	ks_fields_set(&fields, "scanner", scanner());
	ks_fields_str(&fields, "type", "secret_detection");
	set_time(&fields, "start_time", end - (time_t)result->coverage.seconds);
	set_time(&fields, "end_time", end);
	ks_fields_str(
		&fields, "status", result->is_complete ? "success" : "failure");
	ks_fields_set(&fields, "messages", messages_of(result));
	return ks_fields_end(&fields);
}

static const char *severity_of(const struct ks_finding *finding)
{
	if (finding->confidence >= 0.8)
		return finding->in_head ? "Critical" : "High";
	return finding->confidence >= 0.5 ? "Medium" : "Low";
}

static json_t *identifiers_of(const struct ks_finding *finding)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "type", "keysieve_rule_id");
	ks_fields_str(&fields, "name", finding->rule);
	ks_fields_str(&fields, "value", finding->rule);
	return list_of(ks_fields_end(&fields));
}

static json_t *commit_of(const struct ks_occurrence *at)
{
	struct ks_fields fields = ks_fields_begin();
	char date[KS_RECORD_DATE_MAX];

	ks_record_date(date, at);
	ks_fields_str(&fields, "sha", at->commit[0] ? at->commit : NO_COMMIT);
	if (at->author[0])
		ks_fields_str(&fields, "author", at->author);
	if (date[0])
		ks_fields_str(&fields, "date", date);
	if (at->message[0])
		ks_fields_str(&fields, "message", at->message);
	return ks_fields_end(&fields);
}

static json_t *location_of(const struct ks_occurrence *at)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "file", at->path);
	ks_fields_set(&fields, "commit", commit_of(at));
	ks_fields_count(&fields, "start_line", at->line);
	ks_fields_count(&fields, "end_line", at->end_line);
	return ks_fields_end(&fields);
}

/* A name-based UUID (RFC 9562, version 8) of the fingerprint's digits. */
static void make_id(char out[40], const char *print)
{
	if (strlen(print) < 32)
		snprintf(out, 40, "%s", "00000000-0000-8000-8000-000000000000");
	else
		snprintf(out, 40, "%.8s-%.4s-8%.3s-8%.3s-%.12s", print,
			print + 8, print + 13, print + 17, print + 20);
}

static void set_texts(
	struct ks_fields *fields, const struct ks_finding *finding)
{
	struct ks_buf text = { 0 };

	ks_fields_set(fields, "name",
		ks_fields_string(ks_span_of(finding->rule_name,
			strnlen(finding->rule_name, NAME_MAX_BYTES))));
	if (ks_buf_printf(&text, "%s found: %s, in %zu place%s",
		    finding->rule_name, finding->redacted,
		    ks_place_count(finding),
		    ks_place_count(finding) == 1 ? "" : "s"))
		fields->has_failed = true;
	ks_fields_set(
		fields, "description", ks_fields_string(ks_buf_span(&text)));
	ks_buf_reset(&text);
	if (ks_buf_printf(&text,
		    "Rotate the secret%s%s, then remove it from the history.",
		    finding->rotate[0] ? ": " : "", finding->rotate))
		fields->has_failed = true;
	if (text.n > SOLUTION_MAX_BYTES)
		text.n = SOLUTION_MAX_BYTES;
	ks_fields_set(fields, "solution", ks_fields_string(ks_buf_span(&text)));
	ks_buf_release(&text);
}

static json_t *vulnerability_of(const struct ks_finding *finding)
{
	struct ks_fields fields = ks_fields_begin();
	char id[40];

	make_id(id, finding->fingerprint);
	ks_fields_str(&fields, "id", id);
	set_texts(&fields, finding);
	ks_fields_str(&fields, "severity", severity_of(finding));
	ks_fields_set(&fields, "identifiers", identifiers_of(finding));
	if (ks_uri_is_link(finding->rotate))
		ks_fields_set(&fields, "links",
			list_of(named("url", finding->rotate)));
	ks_fields_set(
		&fields, "location", location_of(ks_place_to_show(finding)));
	ks_fields_str(&fields, "raw_source_code_extract", finding->redacted);
	return ks_fields_end(&fields);
}

int ks_gitlab_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	int rc;

	fputs("{\"version\":\"" SCHEMA_VERSION "\",\"scan\":", report->file);
	rc = ks_fields_write(report->file, scan_of(result), err);
	fputs(",\n\"vulnerabilities\":[", report->file);
	for (size_t i = 0; i < result->finding_count && !rc; i++) {
		fputs(i ? ",\n" : "\n", report->file);
		rc = ks_fields_write(report->file,
			vulnerability_of(&result->findings[i]), err);
	}
	fputs("\n]}\n", report->file);
	return rc;
}
