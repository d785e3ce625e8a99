/* SPDX-License-Identifier: Apache-2.0 */
/* What all formats have in common: names, sizes, failing writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void test_report__knows_formats_by_name(void **state)
{
	(void)state;
	assert_int_equal(ks_format_parse("text"), KS_FORMAT_TEXT);
	assert_int_equal(ks_format_parse("jsonl"), KS_FORMAT_JSONL);
	assert_int_equal(ks_format_parse("json"), KS_FORMAT_JSON);
	assert_int_equal(ks_format_parse("sarif"), KS_FORMAT_SARIF);
	assert_int_equal(ks_format_parse("JSON"), -1);
	assert_int_equal(ks_format_parse(""), -1);
}

static void test_report__refuses_an_unknown_format(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_COUNT };
	struct fixture *f = fixture_new();
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(
		ks_report_write(stdout, &f->result, NULL, &options, &err),
		KS_E_USAGE);
}

static struct ks_finding *many(const struct fixture *f, size_t count)
{
	struct ks_finding *list = calloc(count, sizeof(*list));

	assert_non_null(list);
	for (size_t i = 0; i < count; i++)
		list[i] = f->findings[i % 3];
	return list;
}

/* A device that takes nothing, as a full disk does. */
static void check_full(const struct ks_result *result, enum ks_format format)
{
	struct ks_report_options options = { .format = format };
	struct ks_err err = { 0 };
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	assert_int_equal(
		ks_report_write(full, result, NULL, &options, &err), KS_E_IO);
	assert_int_equal(err.code, KS_E_IO);
	assert_string_equal(err.message,
		"cannot write the report: No space left on device");
	fclose(full);
}

static void test_report__tells_of_a_full_disk(void **state)
{
	struct fixture *f = fixture_new();
	struct ks_finding *list = many(f, 1000);

	(void)state;
	for (int i = 0; i < KS_FORMAT_COUNT; i++) {
		check_full(&f->result, (enum ks_format)i);
		f->result.findings = list;
		f->result.finding_count = 1000;
		check_full(&f->result, (enum ks_format)i);
		f->result.findings = f->findings;
		f->result.finding_count = 3;
	}
	free(list);
}

static void test_report__tells_of_a_full_disk_for_a_summary(void **state)
{
	struct ks_report_options options = { .width = 80 };
	struct fixture *f = fixture_new();
	struct ks_err err = { 0 };
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_int_equal(
		ks_report_summarise(full, &f->result, &options, &err), KS_E_IO);
	fclose(full);
}

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		lines++;
	}
	return lines;
}

static void test_report__writes_ten_thousand(void **state)
{
	enum {
		COUNT = 10000
	};
	struct fixture *f = fixture_new();
	struct ks_finding *list = many(f, COUNT);
	struct ks_report_options options = { .format = KS_FORMAT_JSONL };
	char *text;
	json_t *whole;

	(void)state;
	f->result.findings = list;
	f->result.finding_count = COUNT;
	text = fixture_render(&f->result, &options);
	assert_int_equal(lines_of(text), COUNT);
	free(text);

	options.format = KS_FORMAT_JSON;
	text = fixture_render(&f->result, &options);
	whole = fixture_parse(text);
	assert_int_equal(
		json_array_size(json_object_get(whole, "findings")), COUNT);
	json_decref(whole);
	free(text);

	options.format = KS_FORMAT_SARIF;
	text = fixture_render(&f->result, &options);
	json_decref(fixture_parse(text));
	free(text);

	options.format = KS_FORMAT_TEXT;
	text = fixture_render(&f->result, &options);
	assert_non_null(strstr(text, "Found     10,000 secrets, "));
	assert_true(lines_of(text) > 5 * COUNT);
	free(text);
	free(list);
}

/* Nothing is taken to be longer than it is. */
static void test_report__writes_short_and_broken_texts(void **state)
{
	static const char *const texts[] = { "", "a", "\xff", "\xe2\x80" };
	struct fixture *f = fixture_new();

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		f->findings[0].rule_name = texts[i];
		f->findings[0].redacted = texts[i];
		f->findings[0].fingerprint = texts[i];
		f->findings[0].rotate = texts[i];
		f->places[0].commit = texts[i];
		f->places[0].path = texts[i];
		f->places[0].snippet = texts[i];
		for (int k = 0; k < KS_FORMAT_COUNT; k++) {
			struct ks_report_options options = {
				.format = (enum ks_format)k,
				.occurrences = true,
			};

			free(fixture_render(&f->result, &options));
		}
	}
}

/* Allocations of jansson that still succeed. */
static size_t allocations_left;

static void *scarce_malloc(size_t n)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left--;
	return malloc(n);
}

static void test_report__tells_when_memory_runs_out(void **state)
{
	/* Those that jansson makes. */
	static const enum ks_format formats[] = { KS_FORMAT_JSONL,
		KS_FORMAT_JSON, KS_FORMAT_SARIF, KS_FORMAT_GITLAB,
		KS_FORMAT_HTML };
	struct ks_report_options options = { .occurrences = true };
	struct fixture *f = fixture_new();
	FILE *file = fopen("/dev/null", "w");

	(void)state;
	assert_non_null(file);
	json_set_alloc_funcs(scarce_malloc, free);
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		int rc = KS_E_NOMEM;
		size_t n = 0;

		options.format = formats[i];
		for (; rc == KS_E_NOMEM; n++) {
			allocations_left = n;
			rc = ks_report_write(
				file, &f->result, NULL, &options, NULL);
		}
		assert_int_equal(rc, 0);
		assert_true(n > 50);
	}
	json_set_alloc_funcs(malloc, free);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report__knows_formats_by_name),
		cmocka_unit_test(test_report__refuses_an_unknown_format),
		cmocka_unit_test(test_report__tells_of_a_full_disk),
		cmocka_unit_test(
			test_report__tells_of_a_full_disk_for_a_summary),
		cmocka_unit_test(test_report__writes_ten_thousand),
		cmocka_unit_test(test_report__writes_short_and_broken_texts),
		cmocka_unit_test(test_report__tells_when_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
