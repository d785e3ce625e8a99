/* SPDX-License-Identifier: Apache-2.0 */
/* Reading options by their table. */
#include "cli/options.h"

#include "cli/settings.h"

#include <keysieve/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const struct ks_option_group *const groups[] = { &ks_settings_rules,
	&ks_settings_scan, &ks_settings_audit, &ks_settings_report,
	&ks_settings_other, NULL };

enum {
	WORDS_MAX = 24
};

/* The command line as the shell would split it, and what came of it. */
struct parsed {
	struct ks_settings settings;
	struct ks_err err;
	char text[256];
	char *argv[WORDS_MAX + 1];
	int rc;
};

static void parse(struct parsed *parsed, const char *line)
{
	char *rest = parsed->text;
	int argc = 0;

	*parsed = (struct parsed){ 0 };
	assert_true(strlen(line) < sizeof(parsed->text));
	memcpy(parsed->text, line, strlen(line) + 1);
	while (argc < WORDS_MAX && (parsed->argv[argc] = strsep(&rest, " ")))
		argc++;
	parsed->rc = ks_options_parse(
		&parsed->settings, groups, argc, parsed->argv, &parsed->err);
}

static void release(struct parsed *parsed)
{
	ks_settings_release(&parsed->settings);
}

static void test_options__defaults_are_zero(void **state)
{
	static const struct ks_settings none;
	struct parsed p;

	(void)state;
	parse(&p, "audit");
	assert_int_equal(p.rc, KS_OK);
	assert_int_equal(p.settings.operand_count, 0);
	p.settings.operands = NULL;
	assert_memory_equal(&p.settings, &none, sizeof(none));
	release(&p);
}

static void test_options__reads_every_kind(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "audit -r a --rules=b --only x,y --only z --skip w -j 7 "
		  "--max-blob-size 3M --format sarif here -q");
	assert_int_equal(p.rc, KS_OK);
	assert_int_equal(p.settings.rules.count, 2);
	assert_string_equal(p.settings.rules.list[1], "b");
	assert_int_equal(p.settings.only.count, 3);
	assert_string_equal(p.settings.only.list[2], "z");
	assert_int_equal(p.settings.skip.count, 1);
	assert_int_equal(p.settings.jobs, 7);
	assert_int_equal(p.settings.max_blob_size, 3 << 20);
	assert_int_equal(p.settings.format, KS_FORMAT_SARIF);
	assert_true(p.settings.quiet);
	assert_int_equal(p.settings.operand_count, 1);
	assert_string_equal(p.settings.operands[0], "here");
	release(&p);
}

static void test_options__dashes_end_them(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "scan -q -- --quiet -");
	assert_int_equal(p.rc, KS_OK);
	assert_int_equal(p.settings.operand_count, 2);
	assert_string_equal(p.settings.operands[0], "--quiet");
	release(&p);
}

static void test_options__share_is_exact(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "audit --min-confidence 0.25");
	assert_int_equal(p.rc, KS_OK);
	assert_true(p.settings.min_confidence == 0.25);
	release(&p);
}

static void test_options__refuses(void **state)
{
	static const struct {
		const char *line;
		const char *message;
	} cases[] = {
		{ "a --fromat x", "unknown option '--fromat' (did you mean "
				  "'--format'?)" },
		{ "a --xyzzy=1", "unknown option '--xyzzy'" },
		{ "a -qZ", "unknown option '-Z'" },
		{ "a --format", "option '--format' needs FORMAT" },
		{ "a -o", "option '--output' needs FILE" },
		{ "a --quiet=1", "option '--quiet' takes no value" },
		{ "a --format xml9",
			"option '--format' cannot be 'xml9': it is one of "
			"text, jsonl, json, sarif, csv, junit, gitlab, github, "
			"markdown, html" },
		{ "a -j 1025",
			"option '--jobs' cannot be '1025': it is a number "
			"from 1 to 1024" },
		{ "a --max-blob-size 17179869184G",
			"option '--max-blob-size' cannot be '17179869184G': "
			"it is too large" },
		{ "a --min-confidence 1e1",
			"option '--min-confidence' cannot be '1e1': it is a "
			"number from 0 to 1" },
	};
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		parse(&p, cases[i].line);
		assert_int_equal(p.rc, KS_E_USAGE);
		assert_string_equal(p.err.message, cases[i].message);
		release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options__defaults_are_zero),
		cmocka_unit_test(test_options__reads_every_kind),
		cmocka_unit_test(test_options__dashes_end_them),
		cmocka_unit_test(test_options__share_is_exact),
		cmocka_unit_test(test_options__refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
