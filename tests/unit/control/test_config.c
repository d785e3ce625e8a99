/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations: what is read, and what is wrong with one. */
#include "lib/check.h"

#include "control/config.h"

static int read_text(struct ks_config *config, struct ks_arena *arena,
	const char *text, struct ks_err *err)
{
	*config = (struct ks_config){ .text_count = 0 };
	*arena = (struct ks_arena){ 0 };
	return ks_config_read(config, arena, ks_span_str(text), "c.yaml", err);
}

static void test_config__reads_all_parts(void **state)
{
	static const char text[] = "allow:\n"
				   "  - {rule: a, reason: why not}\n"
				   "  - path: [b, c]\n"
				   "    until: 2026-01-31\n"
				   "confidence:\n"
				   "  some-rule: 0.25\n"
				   "rules:\n"
				   "  - {id: x}\n";
	struct ks_config config;
	struct ks_arena arena;
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(read_text(&config, &arena, text, &err), KS_OK);
	assert_int_equal(config.allows.count, 2);
	assert_string_equal(config.allows.list[0].reason, "why not");
	assert_int_equal(config.allows.list[1].line, 3);
	assert_int_equal(config.allows.list[1].glob_count, 2);
	assert_string_equal(config.allows.list[1].until, "2026-01-31");
	assert_int_equal(config.confidence_count, 1);
	assert_string_equal(config.confidences[0].rule, "some-rule");
	assert_string_equal(config.confidences[0].place, "c.yaml:6");
	assert_true(config.confidences[0].confidence == 0.25);
	assert_int_equal(config.text_count, 1);
	assert_int_equal(config.texts[0].length, sizeof(text) - 1);
	ks_config_release(&config);
	ks_arena_release(&arena);
}

static void test_config__may_be_empty(void **state)
{
	static const char *const texts[] = { "", "# nothing\n", "allow: []\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ks_config config;
		struct ks_arena arena;
		struct ks_err err = { 0 };

		assert_int_equal(
			read_text(&config, &arena, texts[i], &err), KS_OK);
		assert_int_equal(config.allows.count, 0);
		ks_config_release(&config);
		ks_arena_release(&arena);
	}
}

static const struct {
	const char *text;
	const char *message;
} wrong[] = {
	{ "allows: []", "c.yaml:1: unknown field 'allows'" },
	{ "- rule: x", "c.yaml:1: expected 'allow:'" },
	{ "allow: {rule: x}", "c.yaml:1: field 'allow': expected a list" },
	{ "allow:\n- x", "c.yaml:2: expected an entry" },
	{ "allow:\n- rule: x\n  paths: y", "c.yaml:3: unknown field 'paths'" },
	{ "allow:\n- rule: x\n  rule: y", "'rule' is given twice" },
	{ "allow:\n- {}", "c.yaml:2: an entry without a condition" },
	{ "allow:\n- reason: x\n  until: 2026-01-01", "without a condition" },
	{ "allow:\n- {rule: x, on: line}", "'on' needs a field 'pattern'" },
	{ "allow:\n- {pattern: x, on: path}", "expected 'secret' or 'line'" },
	{ "allow:\n\n- pattern: 'a('", "c.yaml:3: field 'pattern': 'a('" },
	{ "allow:\n- path_pattern: '['", "c.yaml:2: field 'path_pattern'" },
	{ "allow:\n- path: 'a['", "c.yaml:2: field 'path': 'a['" },
	{ "allow:\n- {rule: x, until: soon}", "expected a date, YYYY-MM-DD" },
	{ "allow:\n- fingerprint: 0123", "16 to 64 hex digits, not '0123'" },
	{ "allow:\n- commit: HEAD~3", "7 to 64 hex digits, not 'HEAD~3'" },
	{ "allow:\n- stopword: ab", "'ab' is too short" },
	{ "allow:\n- rule: []", "at least 1 are needed" },
	{ "allow:\n- rule: &a x", "anchors, aliases and tags" },
	{ "confidence: 1", "c.yaml:1: field 'confidence'" },
	{ "confidence:\n  a: 1.5", "c.yaml:2: field 'a': must be from 0 to 1" },
	{ "allow: [", "not valid YAML" },
	{ "allow: []\n---\nallow: []", "one document" },
};

static void test_config__says_what_is_wrong_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct ks_config config;
		struct ks_arena arena;
		struct ks_err err = { 0 };

		if (read_text(&config, &arena, wrong[i].text, &err) !=
			KS_E_RULE)
			fail_msg("taken: %s", wrong[i].text);
		if (!strstr(err.message, wrong[i].message))
			fail_msg("'%s' instead of '%s'", err.message,
				wrong[i].message);
		ks_config_release(&config);
		ks_arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config__reads_all_parts),
		cmocka_unit_test(test_config__may_be_empty),
		cmocka_unit_test(test_config__says_what_is_wrong_and_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
