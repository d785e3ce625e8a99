/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: what is read, and what is said about what is wrong. */
#include "rules/rulefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"

static const char good[] = "# a comment\n"
			   "- id: one-key\n"
			   "  name: One key\n"
			   "  pattern: '(?<secret>one_[a-z]{8})'\n"
			   "  confidence: 0.25\n"
			   "  match: [one, two]\n"
			   "  no_match: [three, four]\n";

static int parse(struct ks_drafts *drafts, const char *text, struct ks_err *err)
{
	int rc;

	*drafts = (struct ks_drafts){ 0 };
	rc = ks_rulefile_parse(
		drafts, ks_span_str(text), "x.yaml", KS_RULEFILE_USER, err);
	return rc == KS_OK ? ks_drafts_check(drafts, err) : rc;
}

/* ${good} with the text ${from} replaced by ${to}. Caller frees. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(good, from);
	struct ks_buf text = { 0 };

	assert_non_null(at);
	assert_int_equal(ks_buf_printf(&text, "%.*s%s%s", (int)(at - good),
				 good, to, at + strlen(from)),
		0);
	return (char *)(uintptr_t)ks_buf_str(&text);
}

static void assert_refused(const char *text, const char *message)
{
	struct ks_drafts drafts;
	struct ks_err err = { 0 };

	if (parse(&drafts, text, &err) != KS_E_RULE)
		fail_msg("taken, instead of '%s':\n%s", message, text);
	if (!strstr(err.message, message))
		fail_msg("'%s' instead of '%s'", err.message, message);
	if (strncmp(err.message, "x.yaml:", 7) != 0)
		fail_msg("'%s' does not name the file", err.message);
	ks_drafts_release(&drafts);
}

static void test_rulefile__reads_required_fields(void **state)
{
	struct ks_drafts drafts;
	struct ks_err err = { 0 };
	const struct ks_rule *rule;

	(void)state;
	if (parse(&drafts, good, &err) < 0)
		fail_msg("%s", err.message);
	assert_int_equal(drafts.count, 1);
	rule = &drafts.list[0].rule;
	assert_string_equal(rule->id, "one-key");
	assert_string_equal(rule->name, "One key");
	assert_string_equal(rule->pattern, "(?<secret>one_[a-z]{8})");
	assert_true(rule->confidence == 0.25F);
	assert_int_equal(rule->match_count, 2);
	assert_string_equal(rule->match[1], "two");
	assert_string_equal(rule->no_match[0], "three");
	assert_int_equal(rule->kind, KS_RULE_TOKEN);
	assert_string_equal(rule->source, "");
	assert_int_equal(rule->near.rule, KS_RULE_NONE);
	assert_true(rule->is_user);
	assert_false(rule->is_public);
	assert_string_equal(drafts.list[0].anchor, "one_[a-z]{7}");
	assert_int_equal(rule->extent, 12);
	assert_int_equal(drafts.list[0].place.line, 2);
	ks_drafts_release(&drafts);
}

static void test_rulefile__reads_optional_fields(void **state)
{
	struct ks_buf text = { 0 };
	struct ks_drafts drafts;
	struct ks_err err = { 0 };
	const struct ks_rule *rule;

	(void)state;
	assert_int_equal(ks_buf_printf(&text,
				 "%s"
				 "- id: two\n"
				 "  name: Two\n"
				 "  kind: password\n"
				 "  pattern: |-\n"
				 "    (?x) two=\n"
				 "      (?<secret>\\S{3,9}) # the secret\n"
				 "  entropy: 3\n"
				 "  min_length: 7\n"
				 "  confidence: 1\n"
				 "  checksum: gitlab_routable\n"
				 "  decode: aws_account\n"
				 "  near: {id: one-key, within_lines: 3}\n"
				 "  pairs_with:\n"
				 "    within_lines: 4\n"
				 "    id: one-key\n"
				 "  allow: ['^x', y$]\n"
				 "  public: true\n"
				 "  source: https://example.org/\n"
				 "  checked: 2026-01-31\n"
				 "  rotate: http://example.org/r\n"
				 "  match:\n"
				 "    - \"a\\tb\"\n"
				 "    - b\n"
				 "    - c\n"
				 "  no_match: [d, e]\n",
				 good),
		0);
	if (parse(&drafts, ks_buf_str(&text), &err) < 0)
		fail_msg("%s", err.message);
	assert_int_equal(drafts.count, 2);
	rule = &drafts.list[1].rule;
	assert_int_equal(rule->kind, KS_RULE_PASSWORD);
	assert_true(rule->entropy == 3.0F);
	assert_int_equal(rule->min_length, 7);
	assert_int_equal(rule->checksum, KS_CHECKSUM_GITLAB_ROUTABLE);
	assert_int_equal(rule->decode, KS_DECODE_AWS_ACCOUNT);
	assert_int_equal(rule->near.rule, 0);
	assert_int_equal(rule->near.within_lines, 3);
	assert_int_equal(rule->pairs_with.rule, 0);
	assert_int_equal(rule->pairs_with.within_lines, 4);
	assert_int_equal(rule->allow_count, 2);
	assert_string_equal(rule->allow[1], "y$");
	assert_true(rule->is_public);
	assert_string_equal(rule->source, "https://example.org/");
	assert_string_equal(rule->checked, "2026-01-31");
	assert_string_equal(rule->rotate, "http://example.org/r");
	assert_int_equal(rule->match_count, 3);
	assert_string_equal(rule->match[0], "a\tb");
	assert_string_equal(drafts.list[1].anchor, "");
	ks_drafts_release(&drafts);
	ks_buf_release(&text);
}

/* The pattern is made from it, and entropy unless one is given. */
static void test_rulefile__reads_assigned_values(void **state)
{
	static const char text[] =
		"- id: one\n"
		"  name: One\n"
		"  assigned: {name: adafruit, value: '[0-9a-f]{32}'}\n"
		"  confidence: 1\n"
		"- id: two\n"
		"  name: Two\n"
		"  assigned:\n"
		"    name: segment\n"
		"    variable: x-segment\n"
		"    words: key|token\n"
		"    host: 'segment\\.com'\n"
		"    value: '[0-9a-f]{32}'\n"
		"    strict: true\n"
		"  entropy: 0\n"
		"  confidence: 1\n";
	struct ks_drafts drafts;
	struct ks_err err = { 0 };
	const struct ks_rule *rules;

	(void)state;
	if (parse(&drafts, text, &err) < 0)
		fail_msg("%s", err.message);
	rules = &drafts.list[0].rule;
	assert_non_null(strstr(rules->pattern, "(?<secret>[0-9a-f]{32})"));
	assert_string_equal(rules->assigned, "adafruit = [0-9a-f]{32}");
	assert_true(rules->entropy > 2.5F);
	rules = &drafts.list[1].rule;
	assert_non_null(strstr(rules->pattern, "(?i:segment\\.com)/"));
	assert_non_null(strstr(rules->pattern, "(?<=key|token)"));
	assert_true(rules->entropy == 0.0F);
	ks_drafts_release(&drafts);
}

/* What may stand beside it is said once, for all tokens. */
static void test_rulefile__reads_tokens(void **state)
{
	char *text = changed(
		"pattern: '(?<secret>one_[a-z]{8})'", "token: 'one_[a-z]{8}'");
	struct ks_drafts drafts;
	struct ks_err err = { 0 };

	(void)state;
	if (parse(&drafts, text, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(drafts.list[0].rule.pattern,
		"(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
		"(?<secret>one_[a-z]{8})(?![A-Za-z0-9_-])");
	ks_drafts_release(&drafts);
	free(text);
}

static void test_rulefile__takes_no_rules_at_all(void **state)
{
	static const char *const texts[] = { "", "# nothing\n", "---\n[]\n" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ks_drafts drafts;
		struct ks_err err = { 0 };

		if (parse(&drafts, texts[i], &err) < 0)
			fail_msg("%s", err.message);
		assert_int_equal(drafts.count, 0);
		ks_drafts_release(&drafts);
	}
}

/* ${good} with one text replaced by another, and what is said then. */
static const struct {
	const char *from;
	const char *to;
	const char *message;
} mistakes[] = {
	{ "pattern:", "patern:",
		"x.yaml:4: rule 'one-key': unknown field 'patern'" },
	{ "  name: One key\n", "",
		"x.yaml:2: rule 'one-key': field "
		"'name' is missing" },
	{ "- id: one-key\n  name", "- name", "field 'id' is missing" },
	{ "  confidence: 0.25\n", "", "'confidence' is missing" },
	{ "One key", "[a]", "field 'name': expected text" },
	{ "One key", "''", "field 'name': is empty" },
	{ "One key", "\"a\\0b\"", "field 'name': holds a NUL" },
	{ "One key", "*x", "not allowed" },
	{ "One key", "&x y", "not allowed" },
	{ "One key", "!!str y", "not allowed" },
	{ "- id", "- &r\n  id", "not allowed" },
	{ "One key\n", "One key\n  name: x\n",
		"x.yaml:4: rule "
		"'one-key': field "
		"'name' is given "
		"twice" },
	{ "one-key", "One", "only lower-case letters" },
	{ "one-key", "a_b", "only lower-case letters" },
	{ "0.25", "1.5", "must be from 0 to 1" },
	{ "0.25", "-1", "expected a number" },
	{ "0.25", "high", "expected a number" },
	{ "0.25", "1e-1", "expected a number" },
	{ "0.25", "0,5", "expected a number" },
	{ "0.25", ".inf", "expected a number" },
	{ "0.25", "[0.5]", "expected text" },
	{ "[one, two]", "[one]", "at least 2 are needed" },
	{ "[one, two]", "one", "expected a list of texts" },
	{ "[one, two]", "[one, [two]]", "expected text" },
	{ "[three, four]", "[]", "at least 2 are needed" },
	{ "  match", "  kind: thing\n  match", "unknown kind 'thing'" },
	{ "  match", "  checksum: md5\n  match", "unknown checksum 'md5'" },
	{ "  match", "  decode: rot13\n  match", "unknown decode 'rot13'" },
	{ "  match", "  entropy: 9\n  match", "must be from 0 to 8" },
	{ "  match", "  min_length: 1.5\n  match", "expected a whole number" },
	{ "  match", "  public: yes\n  match", "true or false" },
	{ "  match", "  source: here\n  match", "http(s) URL" },
	{ "  match", "  checked: 1.1.2026\n  match", "YYYY-MM-DD" },
	{ "  match", "  checked: 2026-01-011\n  match", "YYYY-MM-DD" },
	{ "  match", "  near: one-key\n  match",
		"expected {id: RULE, within_lines: N}" },
	{ "  match", "  near: {id: one-key}\n  match",
		"needs both 'id' and 'within_lines'" },
	{ "  match", "  near: {id: a, within_lines: 2, x: 1}\n  match",
		"unexpected 'x'" },
	{ "  match", "  near: {id: other, within_lines: 2}\n  match",
		"near: there is no rule 'other'" },
	{ "  match", "  pairs_with: {id: one-key, within_lines: 2}\n  match",
		"pairs_with: names the rule itself" },
	{ "  match", "  allow: ['(']\n  match", "allow: at byte" },
	{ "  match", "  allow: ['x*']\n  match",
		"allow: can match the empty string" },
	{ "{8})'", "{8}'", "x.yaml:4: rule 'one-key': pattern: at byte 22: " },
	{ "?<secret>", "?<other>", "has no group (?<secret>...)" },
	{ "(?<secret>one_[a-z]{8})", "one_(?<secret>x*)",
		"the group 'secret' can be empty" },
	{ "(?<secret>one_[a-z]{8})", "one_(?<secret>x)?",
		"can match without the group 'secret'" },
	{ "(?<secret>one_[a-z]{8})", "(?<secret>one)*",
		"can match the empty string" },
	{ "(?<secret>one_[a-z]{8})", "(?<secret>one_(?R)?)", "at byte 14" },
	{ "one_", "", "it would be slow" },
	{ "  match", "  assigned: {name: adafruit, value: x}\n  match",
		"only one of 'pattern', 'token' and 'assigned'" },
	{ "pattern: '(?<secret>one_[a-z]{8})'", "kind: token",
		"'pattern', 'token' or 'assigned' is missing" },
	{ "pattern: '(?<secret>one_[a-z]{8})'", "token: 'one_['",
		"x.yaml:4: rule 'one-key': token: at byte" },
	{ "pattern: '(?<secret>one_[a-z]{8})'", "assigned: adafruit",
		"expected {name: REGEX, value: REGEX}" },
	{ "pattern: '(?<secret>one_[a-z]{8})'", "assigned: {nam: adafruit}",
		"field 'assigned': unexpected 'nam'" },
	{ "pattern: '(?<secret>one_[a-z]{8})'",
		"assigned: {name: adafruit, name: x}",
		"field 'assigned': unexpected 'name'" },
	{ "pattern: '(?<secret>one_[a-z]{8})'", "assigned: {name: adafruit}",
		"x.yaml:4: rule 'one-key': assigned: needs 'value'" },
	{ "- id: one-key\n  name: One key\n", "one: two\n",
		"x.yaml:2: expected a list of rules" },
	{ "# a comment\n", "- text\n", "expected a rule" },
	{ "[three, four]\n", "[three, four]\n---\n- x\n",
		"expected one document" },
	{ "[three, four]", "[three, four", "not valid YAML" },
	{ "One", "\xff\xfe", "not valid YAML" },
};

static void test_rulefile__says_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char *text = changed(mistakes[i].from, mistakes[i].to);

		assert_refused(text, mistakes[i].message);
		free(text);
	}
}

static void test_rulefile__refuses_ids_twice(void **state)
{
	char text[2 * sizeof(good)];

	(void)state;
	snprintf(text, sizeof(text), "%s%s", good, good);
	assert_refused(
		text, "x.yaml:9: rule 'one-key': the id is taken by x.yaml:2");
}

static void test_rulefile__refuses_near_of_near(void **state)
{
	struct ks_buf text = { 0 };

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(ks_buf_printf(&text,
					 "- id: r%u\n"
					 "  name: x\n"
					 "  pattern: (?<secret>abcd)\n"
					 "  confidence: 0\n"
					 "  match: [a, b]\n"
					 "  no_match: [a, b]\n",
					 i),
			0);
		if (i > 1)
			assert_int_equal(
				ks_buf_printf(&text,
					"  near: {id: r%u, within_lines: 1}\n",
					i - 1),
				0);
	}
	assert_refused(ks_buf_str(&text), "rule 'r2' has a 'near' itself");
	ks_buf_release(&text);
}

/* Each alias is ten of the last: a few lines for a billion texts. */
static void test_rulefile__refuses_a_billion_laughs(void **state)
{
	struct ks_buf text = { 0 };

	(void)state;
	assert_int_equal(ks_buf_add_str(&text, "- &a0 x\n"), 0);
	for (unsigned i = 1; i < 10; i++) {
		assert_int_equal(
			ks_buf_printf(&text,
				"- &a%u [*a%u, *a%u, *a%u, *a%u, *a%u]\n", i,
				i - 1, i - 1, i - 1, i - 1, i - 1),
			0);
	}
	assert_refused(ks_buf_str(&text), "not allowed");
	ks_buf_release(&text);
}

/* Of the built-in rules samples are asked; those of a user may have none. */
static void test_rulefile__asks_for_samples_of_built_in_rules(void **state)
{
	char *text = changed("  match: [one, two]\n", "");
	struct ks_drafts drafts = { 0 };
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(ks_rulefile_parse(&drafts, ks_span_str(text), "x",
				 KS_RULEFILE_BUILTIN, &err),
		KS_E_RULE);
	assert_non_null(strstr(err.message, "'match' is missing"));
	ks_drafts_release(&drafts);
	assert_int_equal(parse(&drafts, text, &err), KS_OK);
	assert_int_equal(drafts.list[0].rule.match_count, 0);
	ks_drafts_release(&drafts);
	free(text);
}

static const char configuration[] = "allow: [{rule: one-key}]\n"
				    "rules:\n"
				    "- {id: one-key, name: One key,\n"
				    "   pattern: '(?<secret>one_[a-z]{8})',\n"
				    "   confidence: 0.25}\n";

static void test_rulefile__takes_the_rules_of_a_configuration(void **state)
{
	struct ks_drafts drafts = { 0 };
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(ks_rulefile_parse(&drafts, ks_span_str(configuration),
				 "x", KS_RULEFILE_CONFIG, &err),
		KS_OK);
	assert_int_equal(drafts.count, 1);
	assert_int_equal(drafts.list[0].place.line, 3);
	ks_drafts_release(&drafts);
	/* As rules alone it would lose what it allows. */
	assert_refused(configuration, "is for --config");
	assert_int_equal(
		parse(&drafts, strstr(configuration, "rules:"), &err), KS_OK);
	assert_int_equal(drafts.count, 1);
	ks_drafts_release(&drafts);
}

static void test_rulefile__bounds_size_and_nesting(void **state)
{
	struct ks_drafts drafts = { 0 };
	struct ks_err err = { 0 };
	struct ks_buf text = { 0 };
	const size_t n = KS_RULEFILE_MAX_BYTES + 1;

	(void)state;
	assert_int_equal(ks_buf_reserve(&text, n), 0);
	memset(text.p, '[', n);
	text.n = 100000;
	assert_int_equal(ks_rulefile_parse(&drafts, ks_buf_span(&text), "x",
				 KS_RULEFILE_USER, &err),
		KS_E_RULE);
	text.n = n;
	memset(text.p, '#', n);
	assert_int_equal(ks_rulefile_parse(&drafts, ks_buf_span(&text), "x",
				 KS_RULEFILE_USER, &err),
		KS_E_RULE);
	assert_non_null(strstr(err.message, "larger than"));
	ks_buf_release(&text);
	ks_drafts_release(&drafts);
}

/* Cut anywhere, or with any byte changed: an answer, never a crash. */
static void test_rulefile__survives_damage(void **state)
{
	char text[sizeof(good)];
	unsigned refused = 0;

	(void)state;
	srandom(3);
	for (size_t i = 0; i < 4000; i++) {
		struct ks_drafts drafts;
		struct ks_err err = { 0 };

		memcpy(text, good, sizeof(good));
		if (i < sizeof(good))
			text[i] = '\0';
		else
			text[(size_t)random() % (sizeof(good) - 1)] =
				(char)(1 + random() % 255);
		refused += parse(&drafts, text, &err) < 0;
		ks_drafts_release(&drafts);
	}
	assert_true(refused > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rulefile__reads_required_fields),
		cmocka_unit_test(test_rulefile__reads_optional_fields),
		cmocka_unit_test(test_rulefile__reads_assigned_values),
		cmocka_unit_test(test_rulefile__reads_tokens),
		cmocka_unit_test(test_rulefile__takes_no_rules_at_all),
		cmocka_unit_test(test_rulefile__says_what_is_wrong),
		cmocka_unit_test(test_rulefile__refuses_ids_twice),
		cmocka_unit_test(test_rulefile__refuses_near_of_near),
		cmocka_unit_test(test_rulefile__refuses_a_billion_laughs),
		cmocka_unit_test(
			test_rulefile__asks_for_samples_of_built_in_rules),
		cmocka_unit_test(
			test_rulefile__takes_the_rules_of_a_configuration),
		cmocka_unit_test(test_rulefile__bounds_size_and_nesting),
		cmocka_unit_test(test_rulefile__survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
