/* SPDX-License-Identifier: Apache-2.0 */
/* jsonl and json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static const char *const members[] = { "fingerprint", "rule", "secret",
	"confidence", "entropy", "path", "line", "column", "end_line",
	"end_column", "blob", "commit", "author", "email", "date", "message",
	"in_head", "occurrence_count" };

static const struct ks_report_options jsonl = { .format = KS_FORMAT_JSONL };

/* The first line of ${result} as jsonl, parsed. */
static json_t *first_line(
	const struct ks_result *result, const struct ks_report_options *options)
{
	char *text = fixture_render(result, options);
	json_t *value;

	assert_non_null(strchr(text, '\n'));
	*strchr(text, '\n') = '\0';
	value = fixture_parse(text);
	free(text);
	return value;
}

static const char *str(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

static void test_json__a_line_has_the_designed_members_first(void **state)
{
	struct fixture *f = fixture_new();
	json_t *line = first_line(&f->result, &jsonl);
	void *at = json_object_iter(line);

	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		assert_non_null(at);
		assert_string_equal(json_object_iter_key(at), members[i]);
		at = json_object_iter_next(line, at);
	}
	json_decref(line);
}

static void test_json__a_line_is_whole(void **state)
{
	static const char wanted[] =
		"\"rule\":\"key-id\",\"secret\":\"KSID\xe2\x80\xa6WXYZ\","
		"\"confidence\":0.98,\"entropy\":3.8,"
		"\"path\":\"old/env.sh\",\"line\":3,\"column\":9,"
		"\"end_line\":3,\"end_column\":28,"
		"\"blob\":\"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd\","
		"\"commit\":\"1111222233334444555566667777888899990000\","
		"\"author\":\"Jane Doe\",\"email\":\"jane@example.org\","
		"\"date\":\"2026-01-31T12:00:00Z\","
		"\"message\":\"Add the deploy script\",\"in_head\":true,"
		"\"occurrence_count\":3,\"rule_name\":\"Cloud key id\","
		"\"rotate\":\"https://example.org/rotate\",\"pair\":\"bbbb";
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &jsonl);

	(void)state;
	assert_non_null(strstr(text, wanted));
	assert_non_null(strstr(text, "\"confidence\":0.95,"));
	assert_non_null(
		strstr(text, "\"facts\":{\"account\":\"123456789012\"},"
			     "\"branches\":[\"main\",\"origin/main\","));
	free(text);
}

static void test_json__shows_secrets_only_when_asked(void **state)
{
	struct ks_report_options options = jsonl;
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &options);
	json_t *line;

	(void)state;
	assert_null(strstr(text, f->findings[0].secret));
	free(text);
	options.show_secrets = true;
	line = first_line(&f->result, &options);
	assert_string_equal(str(line, "secret"), f->findings[0].secret);
	assert_null(json_object_get(line, "secret_base64"));
	json_decref(line);
}

static void test_json__lists_occurrences_when_asked(void **state)
{
	struct ks_report_options options = jsonl;
	struct fixture *f = fixture_new();
	json_t *line = first_line(&f->result, &options);
	json_t *place;

	(void)state;
	assert_null(json_object_get(line, "occurrences"));
	json_decref(line);
	options.occurrences = true;
	line = first_line(&f->result, &options);
	assert_int_equal(
		json_array_size(json_object_get(line, "occurrences")), 3);
	place = json_array_get(json_object_get(line, "occurrences"), 1);
	for (size_t i = 5; i < 17; i++)
		assert_non_null(json_object_get(place, members[i]));
	assert_string_equal(str(place, "path"), "deploy/env.sh");
	assert_true(json_is_true(json_object_get(place, "in_head")));
	json_decref(line);
}

static void test_json__stays_valid_with_bytes_that_are_not_text(void **state)
{
	static const struct ks_fact facts[] = { { "k\xff", "v\x80" } };
	struct ks_report_options options = jsonl;
	struct fixture *f = fixture_new();
	json_t *line;

	(void)state;
	options.show_secrets = true;
	f->places[0].path = "d\xff/\xed\xa0\x80\n\"x\\";
	f->places[0].message = "\x1b[31m\xe2\x80\xae\xc0";
	f->findings[0].secret = "a\0b";
	f->findings[0].secret_length = 3;
	f->findings[0].facts = facts;
	line = first_line(&f->result, &options);
	assert_string_equal(str(line, "path"),
		"d\xef\xbf\xbd/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n\"x\\");
	assert_string_equal(str(line, "path_base64"), "ZP8v7aCACiJ4XA==");
	assert_string_equal(
		str(line, "message"), "\x1b[31m\xe2\x80\xae\xef\xbf\xbd");
	assert_string_equal(str(line, "secret"), "a\xef\xbf\xbd"
						 "b");
	assert_string_equal(str(line, "secret_base64"), "YQBi");
	assert_string_equal(
		str(json_object_get(line, "facts"), "k\xef\xbf\xbd"),
		"v\xef\xbf\xbd");
	json_decref(line);
}

static void test_json__dates_are_utc_or_empty(void **state)
{
	static const struct {
		int64_t time;
		const char *date;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ 253402300800, "" },
		{ INT64_MAX, "" },
		{ INT64_MIN, "" },
	};
	struct fixture *f = fixture_new();
	json_t *line;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f->places[0].time = cases[i].time;
		line = first_line(&f->result, &jsonl);
		assert_string_equal(str(line, "date"), cases[i].date);
		json_decref(line);
	}
	f->places[0].time = 0;
	f->places[0].commit = "";
	f->places[0].author = "";
	line = first_line(&f->result, &jsonl);
	assert_string_equal(str(line, "date"), "");
	json_decref(line);
}

static void test_json__one_object_tells_all(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_JSON };
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &options);
	json_t *whole = fixture_parse(text);
	const json_t *coverage = json_object_get(whole, "coverage");
	const json_t *skips = json_object_get(coverage, "skips");

	(void)state;
	assert_string_equal(str(whole, "version"), KS_VERSION);
	assert_string_equal(str(whole, "source"), "/srv/repo");
	assert_int_equal(
		json_array_size(json_object_get(whole, "findings")), 3);
	assert_int_equal(
		json_integer_value(json_object_get(coverage, "blobs")), 9012);
	assert_non_null(strstr(text, "\"seconds\":2.5,"));
	assert_int_equal(
		json_integer_value(json_object_get(coverage, "bytes_inflated")),
		345678901);
	assert_non_null(strstr(text,
		"\"stages\":{\"open\":0.25,\"scan\":2.0,\"history\":0.125,"
		"\"provenance\":0.0}"));
	assert_int_equal(json_object_size(skips), KS_SKIP_REASON_COUNT);
	assert_int_equal(
		json_integer_value(json_object_get(skips, "too_large")), 1234);
	assert_string_equal(
		str(json_array_get(json_object_get(whole, "skipped"), 0),
			"detail"),
		"the checksum is wrong");
	assert_true(json_is_false(json_object_get(whole, "complete")));
	assert_true(json_is_false(json_object_get(whole, "shallow")));
	assert_true(json_is_false(json_object_get(whole, "partial")));
	json_decref(whole);
	free(text);
}

static void test_json__nothing_found_is_valid_too(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_JSON };
	struct ks_result result = { .source = "",
		.suppressed = { .config_ignored = "" },
		.is_complete = true };
	char *text = fixture_render(&result, &options);
	json_t *whole = fixture_parse(text);

	(void)state;
	assert_int_equal(
		json_array_size(json_object_get(whole, "findings")), 0);
	assert_true(json_is_true(json_object_get(whole, "complete")));
	json_decref(whole);
	free(text);
	text = fixture_render(&result, &jsonl);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_json__a_line_has_the_designed_members_first),
		cmocka_unit_test(test_json__a_line_is_whole),
		cmocka_unit_test(test_json__shows_secrets_only_when_asked),
		cmocka_unit_test(test_json__lists_occurrences_when_asked),
		cmocka_unit_test(
			test_json__stays_valid_with_bytes_that_are_not_text),
		cmocka_unit_test(test_json__dates_are_utc_or_empty),
		cmocka_unit_test(test_json__one_object_tells_all),
		cmocka_unit_test(test_json__nothing_found_is_valid_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
