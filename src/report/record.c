/* SPDX-License-Identifier: Apache-2.0 */
/* Findings, coverage and skips as JSON: what jsonl and json share. */
#include "report/record.h"

#include "report/fields.h"
#include "report/place.h"
#include "report/utf8.h"

#include <time.h>

/* Decimal places. */
enum {
	PLACES_CONFIDENCE = 2,
	PLACES_ENTROPY = 2,
	PLACES_SECONDS = 3
};

/* "" where the year has not four digits. */
static void write_date(char out[KS_RECORD_DATE_MAX], int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm utc;

	out[0] = '\0';
	if (!gmtime_r(&when, &utc))
		return;
	if (utc.tm_year < -1900 || utc.tm_year > 9999 - 1900)
		return;
	strftime(out, KS_RECORD_DATE_MAX, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void ks_record_date(
	char out[KS_RECORD_DATE_MAX], const struct ks_occurrence *occurrence)
{
	out[0] = '\0';
	if (occurrence->commit[0] || occurrence->author[0])
		write_date(out, occurrence->time);
}

/* A path in bytes that JSON cannot hold is there in full beside it. */
static void add_path_bytes(struct ks_fields *fields, const char *path)
{
	struct ks_span bytes = ks_span_str(path);

	if (!ks_utf8_is_text(bytes))
		ks_fields_base64(fields, "path_base64", bytes);
}

static void add_encoding(
	struct ks_fields *fields, const struct ks_occurrence *at)
{
	if (*at->encoding)
		ks_fields_str(fields, "encoding", at->encoding);
}

static void add_place(struct ks_fields *fields, const struct ks_occurrence *at)
{
	char date[KS_RECORD_DATE_MAX];

	ks_record_date(date, at);
	ks_fields_str(fields, "path", at->path);
	ks_fields_count(fields, "line", at->line);
	ks_fields_count(fields, "column", at->column);
	ks_fields_count(fields, "end_line", at->end_line);
	ks_fields_count(fields, "end_column", at->end_column);
	ks_fields_str(fields, "blob", at->blob);
	ks_fields_str(fields, "commit", at->commit);
	ks_fields_str(fields, "author", at->author);
	ks_fields_str(fields, "email", at->email);
	ks_fields_str(fields, "date", date);
	ks_fields_str(fields, "message", at->message);
}

static json_t *occurrence_of(const struct ks_occurrence *at)
{
	struct ks_fields fields = ks_fields_begin();

	add_place(&fields, at);
	ks_fields_bool(&fields, "in_head", at->in_head);
	ks_fields_bool(&fields, "is_reachable", at->is_reachable);
	ks_fields_str(&fields, "snippet", at->snippet);
	add_encoding(&fields, at);
	add_path_bytes(&fields, at->path);
	return ks_fields_end(&fields);
}

static json_t *occurrences_of(const struct ks_finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->occurrence_count; i++) {
		json_t *item = occurrence_of(&finding->occurrences[i]);

		if (json_array_append_new(array, item)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *ks_record_branches(const struct ks_finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->branch_count; i++) {
		struct ks_span name = ks_span_str(finding->branches[i]);

		if (json_array_append_new(array, ks_fields_string(name))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *facts_of(const struct ks_finding *finding)
{
	struct ks_fields fields = ks_fields_begin();

	for (size_t i = 0; i < finding->fact_count; i++) {
		const struct ks_fact *fact = &finding->facts[i];
		json_t *name = ks_fields_string(ks_span_str(fact->name));

		/* A secret that is JSON may name its facts as it likes. */
		ks_fields_str(&fields, name ? json_string_value(name) : "",
			fact->value);
		json_decref(name);
	}
	return ks_fields_end(&fields);
}

/* null: it was not removed, or that is not known. */
static json_t *removal_of(const struct ks_removal *removed)
{
	struct ks_fields fields;
	char date[KS_RECORD_DATE_MAX];

	if (!removed)
		return json_null();
	fields = ks_fields_begin();
	write_date(date, removed->time);
	ks_fields_str(&fields, "commit", removed->commit);
	ks_fields_str(&fields, "author", removed->author);
	ks_fields_str(&fields, "email", removed->email);
	ks_fields_str(&fields, "date", date);
	ks_fields_str(&fields, "message", removed->message);
	return ks_fields_end(&fields);
}

/* What users need beyond the members that the format began with. */
static void add_more(struct ks_fields *fields, const struct ks_finding *finding,
	const struct ks_report_options *options)
{
	struct ks_span secret =
		ks_span_of(finding->secret, finding->secret_length);

	ks_fields_str(fields, "rule_name", finding->rule_name);
	ks_fields_str(fields, "rotate", finding->rotate);
	ks_fields_str(fields, "pair", finding->pair);
	ks_fields_set(fields, "facts", facts_of(finding));
	ks_fields_set(fields, "branches", ks_record_branches(finding));
	ks_fields_bool(fields, "is_reachable", ks_place_is_reachable(finding));
	ks_fields_str(fields, "snippet", finding->occurrences[0].snippet);
	ks_fields_set(fields, "removed", removal_of(finding->removed));
	add_encoding(fields, &finding->occurrences[0]);
	add_path_bytes(fields, finding->occurrences[0].path);
	if (options->show_secrets && !ks_utf8_is_text(secret))
		ks_fields_base64(fields, "secret_base64", secret);
	if (options->occurrences)
		ks_fields_set(fields, "occurrences", occurrences_of(finding));
	if (finding->is_suppressed) {
		ks_fields_str(fields, "suppressed",
			ks_suppression_name(finding->suppression));
		ks_fields_str(fields, "reason", finding->reason);
	}
}

struct ks_span ks_record_secret(const struct ks_finding *finding,
	const struct ks_report_options *options)
{
	if (options->show_secrets)
		return ks_span_of(finding->secret, finding->secret_length);
	return ks_span_str(finding->redacted);
}

json_t *ks_record_finding(const struct ks_finding *finding,
	const struct ks_report_options *options)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_span secret = ks_record_secret(finding, options);

	ks_fields_str(&fields, "fingerprint", finding->fingerprint);
	ks_fields_str(&fields, "rule", finding->rule);
	ks_fields_set(&fields, "secret", ks_fields_string(secret));
	ks_fields_real(
		&fields, "confidence", finding->confidence, PLACES_CONFIDENCE);
	ks_fields_real(&fields, "entropy", finding->entropy, PLACES_ENTROPY);
	add_place(&fields, &finding->occurrences[0]);
	ks_fields_bool(&fields, "in_head", finding->in_head);
	ks_fields_count(&fields, "occurrence_count", ks_place_count(finding));
	add_more(&fields, finding, options);
	return ks_fields_end(&fields);
}

static json_t *skip_counts(const struct ks_coverage *coverage)
{
	struct ks_fields fields = ks_fields_begin();

	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++)
		ks_fields_count(&fields,
			ks_skip_reason_name((enum ks_skip_reason)i),
			coverage->skips[i]);
	return ks_fields_end(&fields);
}

static json_t *stage_seconds(const struct ks_coverage *coverage)
{
	struct ks_fields fields = ks_fields_begin();

	for (int i = 0; i < KS_STAGE_COUNT; i++)
		ks_fields_real(&fields, ks_stage_name((enum ks_stage)i),
			coverage->stage_seconds[i], PLACES_SECONDS);
	return ks_fields_end(&fields);
}

json_t *ks_record_coverage(const struct ks_coverage *coverage)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_count(&fields, "refs", coverage->refs);
	ks_fields_count(&fields, "commits", coverage->commits);
	ks_fields_count(&fields, "trees", coverage->trees);
	ks_fields_count(&fields, "blobs", coverage->blobs);
	ks_fields_count(&fields, "tags", coverage->tags);
	ks_fields_count(&fields, "files", coverage->files);
	ks_fields_count(&fields, "bytes", coverage->bytes);
	ks_fields_count(&fields, "bytes_inflated", coverage->bytes_inflated);
	ks_fields_count(&fields, "bytes_matched", coverage->bytes_matched);
	ks_fields_count(&fields, "candidates", coverage->candidates);
	ks_fields_count(&fields, "confirmed", coverage->confirmed);
	ks_fields_count(&fields, "declined", coverage->declined);
	ks_fields_real(&fields, "seconds", coverage->seconds, PLACES_SECONDS);
	ks_fields_set(&fields, "stages", stage_seconds(coverage));
	ks_fields_set(&fields, "skips", skip_counts(coverage));
	ks_fields_count(&fields, "archives", coverage->archives);
	ks_fields_count(&fields, "entries", coverage->entries);
	ks_fields_count(&fields, "bytes_unpacked", coverage->bytes_unpacked);
	return ks_fields_end(&fields);
}

json_t *ks_record_skip(const struct ks_skip *skip)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "reason", ks_skip_reason_name(skip->reason));
	ks_fields_str(&fields, "what", skip->what);
	ks_fields_str(&fields, "detail", skip->detail);
	return ks_fields_end(&fields);
}
