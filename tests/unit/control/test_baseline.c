/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines: read, merged, written. */
#include "lib/check.h"

#include "control/baseline.h"

#include <stdlib.h>
#include <unistd.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* Read ${text} by ${from_report} or as a baseline, into ${baseline}. */
static int read_as(struct ks_baseline *baseline, const char *text,
	const struct ks_baseline_entry *report, struct ks_err *err)
{
	char path[] = "/tmp/keysieve-test-XXXXXX";
	int fd = mkstemp(path);
	size_t n = strlen(text);
	int rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	close(fd);
	rc = report ? ks_baseline_read_report(baseline, path, report, err)
		    : ks_baseline_read(baseline, path, err);
	unlink(path);
	return rc;
}

static struct ks_baseline *new_of(const char *text)
{
	struct ks_baseline *baseline;
	struct ks_err err = { 0 };

	assert_int_equal(ks_baseline_new(&baseline, &err), KS_OK);
	if (read_as(baseline, text, NULL, &err) < 0)
		fail_msg("%s", err.message);
	return baseline;
}

/* The lines of ${baseline} as written, without the heading. */
static char *lines_of(struct ks_baseline *baseline)
{
	struct ks_err err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&text, &n);
	char *lines = text;

	assert_non_null(file);
	assert_int_equal(ks_baseline_write(file, baseline, &err), KS_OK);
	fclose(file);
	lines = text;
	while (lines[0] == '#')
		lines = strchr(lines, '\n') + 1;
	memmove(text, lines, strlen(lines) + 1);
	return text;
}

static void expect_lines(const char *text, const char *lines)
{
	struct ks_baseline *baseline = new_of(text);
	char *written = lines_of(baseline);

	assert_string_equal(written, lines);
	free(written);
	ks_baseline_free(baseline);
}

static void test_baseline__is_sorted_and_written_as_read(void **state)
{
	(void)state;
	expect_lines("# words\n\n" B " some-rule 2026-12-31 jane made up\r\n" A
		     " other-rule - - \n",
		A " other-rule - -\n" B " some-rule 2026-12-31 jane made up\n");
	expect_lines(A, A " - - -\n");
	expect_lines("", "");
}

/* Whichever branch is merged into the other. */
static void test_baseline__of_two_lines_keeps_the_sooner(void **state)
{
	static const char one[] = A " r - jane one\n";
	static const char two[] = A " r 2027-01-01 joe two\n";
	char text[512];

	(void)state;
	snprintf(text, sizeof(text), "%s%s", one, two);
	expect_lines(text, two);
	snprintf(text, sizeof(text), "%s%s", two, one);
	expect_lines(text, two);
	expect_lines(A " r - - -\n" A " r - jane why\n", A " r - jane why\n");
}

static void test_baseline__finds_by_fingerprint(void **state)
{
	struct ks_baseline *baseline =
		new_of(B " some-rule 2026-12-31 jane made up\n" A " r\n");
	const struct ks_baseline_entry *entry = ks_baseline_find(baseline, B);

	(void)state;
	assert_non_null(entry);
	assert_string_equal(entry->rule, "some-rule");
	assert_string_equal(entry->who, "jane");
	assert_string_equal(entry->why, "made up");
	assert_false(ks_baseline_is_expired(entry, "2026-12-31"));
	assert_true(ks_baseline_is_expired(entry, "2027-01-01"));
	assert_null(ks_baseline_find(baseline, "cccc"));
	ks_baseline_free(baseline);
}

static const struct {
	const char *text;
	const char *message;
} wrong[] = {
	{ "# x\nabc rule - -\n", ":2: 'abc' is no fingerprint" },
	{ A " r tomorrow - -\n", ":1: 'tomorrow' is no date" },
	{ "<<<<<<< HEAD\n" A " r\n", ":1: an unresolved conflict" },
};

static void test_baseline__says_what_is_wrong_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct ks_baseline *baseline;
		struct ks_err err = { 0 };

		assert_int_equal(ks_baseline_new(&baseline, &err), KS_OK);
		assert_int_equal(read_as(baseline, wrong[i].text, NULL, &err),
			KS_E_CORRUPT);
		if (!strstr(err.message, wrong[i].message))
			fail_msg("'%s' instead of '%s'", err.message,
				wrong[i].message);
		ks_baseline_free(baseline);
	}
}

/* What a person types must not become another line or column. */
static void test_baseline__holds_only_what_a_line_can(void **state)
{
	struct ks_baseline_entry entry = { .fingerprint = A,
		.rule = "r",
		.until = "",
		.who = "Jane Doe",
		.why = " it\nis\told  " };
	struct ks_baseline *baseline;
	struct ks_err err = { 0 };
	char *written;

	(void)state;
	assert_int_equal(ks_baseline_new(&baseline, &err), KS_OK);
	assert_int_equal(ks_baseline_add(baseline, &entry, &err), KS_OK);
	written = lines_of(baseline);
	assert_string_equal(written, A " r - Jane_Doe it is old\n");
	free(written);
	ks_baseline_free(baseline);
}

static void test_baseline__is_made_of_reports(void **state)
{
	static const char finding[] =
		"{\"fingerprint\":\"" A "\",\"rule\":\"r\",\"path\":\"x\"}";
	static const char allowed[] =
		"{\"fingerprint\":\"" B
		"\",\"rule\":\"r\",\"suppressed\":\"inline\"}";
	const struct ks_baseline_entry entry = {
		.until = "", .who = "jane", .why = "old"
	};
	char texts[2][1024];

	(void)state;
	snprintf(texts[0], sizeof(texts[0]), "%s\n%s\n", finding, allowed);
	snprintf(texts[1], sizeof(texts[1]),
		"{\"version\":\"1\",\"findings\":[\n%s\n],\"more\":0}\n",
		finding);
	for (int i = 0; i < 2; i++) {
		struct ks_baseline *baseline;
		struct ks_err err = { 0 };
		char *written;

		assert_int_equal(ks_baseline_new(&baseline, &err), KS_OK);
		if (read_as(baseline, texts[i], &entry, &err) < 0)
			fail_msg("%s", err.message);
		written = lines_of(baseline);
		assert_string_equal(written, A " r - jane old\n");
		free(written);
		assert_int_equal(read_as(baseline, "no report", &entry, &err),
			KS_E_CORRUPT);
		ks_baseline_free(baseline);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_baseline__is_sorted_and_written_as_read),
		cmocka_unit_test(test_baseline__of_two_lines_keeps_the_sooner),
		cmocka_unit_test(test_baseline__finds_by_fingerprint),
		cmocka_unit_test(test_baseline__says_what_is_wrong_and_where),
		cmocka_unit_test(test_baseline__holds_only_what_a_line_can),
		cmocka_unit_test(test_baseline__is_made_of_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
