/* SPDX-License-Identifier: Apache-2.0 */
/* The report that people read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define DOTS "\xe2\x80\xa6"

static const struct ks_report_options text80 = {
	.format = KS_FORMAT_TEXT,
	.quiet = true,
	.width = 80,
};

static size_t columns_of(const char *line, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)line[i] & 0xc0) != 0x80;
	return columns;
}

static void test_text__is_whole_at_80_columns(void **state)
{
	static const char wanted[] =
		"deploy/env.sh:12:9  Cloud key id  confidence 0.98  in HEAD\n"
		"    export KEY_ID=KSID" DOTS "WXYZ # ours\n"
		"    first at  old/env.sh:3:9\n"
		"    commit    111122223333  2026-01-31  "
		"Jane Doe: Add the deploy script\n"
		"    branches  main, origin/main, topic and 2 more\n"
		"    places    3 (--occurrences lists them)\n"
		"    account   123456789012\n"
		"    pair      Cloud key at deploy/env.sh:13:9\n"
		"    rotate    https://example.org/rotate\n"
		"\n"
		"deploy/env.sh:13:9  Cloud key  confidence 0.95  in HEAD\n"
		"    export KEY=" DOTS "\n"
		"    commit    111122223333  2026-01-31  "
		"Jane Doe: Add the deploy script\n"
		"    branches  main, origin/main\n"
		"    pair      Cloud key id at deploy/env.sh:12:9\n"
		"    rotate    https://example.org/rotate\n"
		"\n"
		"notes.txt:7:9  Some token  confidence 0.50  in history\n"
		"    secret    tok" DOTS "\n"
		"    commit    111122223333  2026-01-31  "
		"Joe Bloggs: Add the deploy script\n";
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &text80);

	(void)state;
	assert_string_equal(text, wanted);
	free(text);
}

static void test_text__ends_with_the_summary_unless_quiet(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *findings = fixture_render(&f->result, &options);
	char *summary = fixture_summarise(&f->result, 80);
	char *both;

	(void)state;
	options.quiet = false;
	both = fixture_render(&f->result, &options);
	assert_memory_equal(both, findings, strlen(findings));
	assert_int_equal(both[strlen(findings)], '\n');
	assert_string_equal(both + strlen(findings) + 1, summary);
	free(both);
	free(summary);
	free(findings);
}

static void test_text__groups_by_file_where_the_most_urgent_is(void **state)
{
	struct fixture *f = fixture_new();
	struct ks_finding swap = f->findings[1];
	char *text;

	(void)state;
	f->findings[1] = f->findings[2];
	f->findings[2] = swap;
	text = fixture_render(&f->result, &text80);
	assert_non_null(strstr(text, "deploy/env.sh:13:9  Cloud key"));
	assert_true(strstr(text, "deploy/env.sh:13:9  Cloud key") <
		    strstr(text, "notes.txt:7:9"));
	free(text);
}

static void test_text__groups_by_rule(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *text;

	(void)state;
	options.by_rule = true;
	f->findings[2].rule = "key-id";
	f->findings[2].rule_name = "Cloud key id";
	text = fixture_render(&f->result, &options);
	assert_int_equal(
		strncmp(text,
			"== Cloud key id (key-id): 2 secrets\n\n"
			"deploy/env.sh:12:9  confidence 0.98  in HEAD\n",
			80),
		0);
	assert_true(strstr(text, "notes.txt:7:9  confidence") <
		    strstr(text, "\n\n== Cloud key (key): 1 secret\n\n"));
	free(text);
}

static void test_text__lists_places_when_asked(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *text;

	(void)state;
	options.occurrences = true;
	text = fixture_render(&f->result, &options);
	assert_non_null(strstr(text,
		"    places    3\n"
		"              111122223333  2026-01-31  old/env.sh:3:9\n"
		"              222233334444  2026-01-31  "
		"deploy/env.sh:12:9  in HEAD\n"));
	free(text);
}

static void test_text__shows_secrets_only_when_asked(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &options);

	(void)state;
	assert_null(strstr(text, f->findings[0].secret));
	free(text);
	options.show_secrets = true;
	text = fixture_render(&f->result, &options);
	assert_non_null(strstr(text, f->findings[0].secret));
	free(text);
}

static void test_text__keeps_the_secret_of_a_long_line_in_sight(void **state)
{
	char line[400];
	struct fixture *f = fixture_new();
	char *text;
	const char *at;

	(void)state;
	memset(line, 'a', sizeof(line));
	memcpy(line + 180, "=KSID" DOTS "WXYZ;", 13);
	line[sizeof(line) - 1] = '\0';
	f->places[1].snippet = line;
	text = fixture_render(&f->result, &text80);
	at = strstr(text, "\n    " DOTS "aaaa");
	assert_non_null(at);
	assert_int_equal(columns_of(at + 1, strcspn(at + 1, "\n")), 80);
	at = strstr(text, "=KSID" DOTS "WXYZ;aaa");
	assert_non_null(at);
	assert_int_equal(strncmp(strchr(at, '\n') - 3, DOTS, 3), 0);
	free(text);
}

static void test_text__fits_the_terminal(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();

	(void)state;
	options.quiet = false;
	f->result.is_shallow = true;
	for (unsigned width = 56; width < 200; width += 7) {
		char *text;
		char *rest;
		char *line;

		options.width = width;
		text = fixture_render(&f->result, &options);
		rest = text;
		while ((line = strsep(&rest, "\n"))) {
			if (columns_of(line, strlen(line)) > width)
				fail_msg("over %u: %s", width, line);
		}
		free(text);
	}
}

static void test_text__obeys_nothing_of_the_repository(void **state)
{
	static const char hostile[] =
		"\x1b]0;x\a\x1b[2J\r\n\xe2\x80\xae\xc2\x9b\xff\x7f\b";
	static const char *const branches[] = { hostile };
	const struct ks_fact facts[] = { { hostile, hostile } };
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *text;
	size_t lines = 0;

	(void)state;
	options.quiet = false;
	f->result.finding_count = 1;
	f->result.source = hostile;
	f->places[0] = (struct ks_occurrence){ .path = hostile,
		.encoding = "",
		.blob = "",
		.snippet = hostile,
		.commit = "",
		.author = hostile,
		.email = hostile,
		.message = hostile };
	f->findings[0].occurrence_count = 1;
	f->findings[0].redacted = hostile;
	f->findings[0].rule_name = hostile;
	f->findings[0].rotate = hostile;
	f->findings[0].facts = facts;
	f->findings[0].branches = branches;
	f->findings[0].branch_count = 1;
	f->skips[0].what = hostile;
	f->skips[0].detail = hostile;
	f->result.is_shallow = true;
	text = fixture_render(&f->result, &options);
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;

		lines += byte == '\n';
		assert_true(byte == '\n' || (byte >= 0x20 && byte != 0x7f));
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_null(strstr(text, "\xff"));
	assert_true(lines < 45);
	free(text);
}

static void test_text__cuts_a_megabyte_of_message(void **state)
{
	enum {
		N = 1 << 20
	};
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *message = malloc(N + 1);
	char *text;

	(void)state;
	assert_non_null(message);
	memset(message, 'm', N);
	message[N] = '\0';
	f->places[0].message = message;
	f->places[1].snippet = message;
	f->places[0].author = message;
	options.width = 0;
	text = fixture_render(&f->result, &options);
	assert_true(strlen(text) < 4000);
	free(text);
	free(message);
}

static void test_text__colours_only_when_asked(void **state)
{
	struct ks_report_options options = text80;
	struct fixture *f = fixture_new();
	char *text = fixture_render(&f->result, &options);

	(void)state;
	assert_null(strchr(text, '\x1b'));
	free(text);
	options.colour = true;
	text = fixture_render(&f->result, &options);
	assert_non_null(
		strstr(text, "\x1b[1;33mKSID" DOTS "WXYZ\x1b[0m # ours"));
	assert_non_null(strstr(text, "\x1b[1;31min HEAD\x1b[0m"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text__is_whole_at_80_columns),
		cmocka_unit_test(test_text__ends_with_the_summary_unless_quiet),
		cmocka_unit_test(
			test_text__groups_by_file_where_the_most_urgent_is),
		cmocka_unit_test(test_text__groups_by_rule),
		cmocka_unit_test(test_text__lists_places_when_asked),
		cmocka_unit_test(test_text__shows_secrets_only_when_asked),
		cmocka_unit_test(
			test_text__keeps_the_secret_of_a_long_line_in_sight),
		cmocka_unit_test(test_text__fits_the_terminal),
		cmocka_unit_test(test_text__obeys_nothing_of_the_repository),
		cmocka_unit_test(test_text__cuts_a_megabyte_of_message),
		cmocka_unit_test(test_text__colours_only_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
