/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anchors. What everything rests on is a property, tested against PCRE2 and
 * Hyperscan on generated text: wherever a pattern matches, stage one has
 * reported its anchor within the window that the widths promise.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/anchor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <hs/hs.h>
#include <pcre2.h>

#include "rules/bundle.h"
#include "lib/literals.h"
#include "rules/syntax.h"
#include "unit/rules/generate.h"

enum {
	SUBJECT_MAX = 2048
};

static const char *const patterns[] = {
	"\\b(?<secret>(?:AKIA|ASIA)[A-Z2-7]{16})\\b",
	"ghp_[A-Za-z0-9]{36}",
	"ghp_[A-Za-z0-9]{36,}",
	"gh[pousr]_[A-Za-z0-9]{36,251}",
	"(?i)aws.{0,40}secret.{0,20}['\"][A-Za-z0-9/+=]{40}['\"]",
	"(?i)(?:password|passwd|pwd)[\"' ]{0,3}[:=]\\s{0,4}(?<secret>\\S{8,})",
	"xox[baprs]-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{24}",
	"https://hooks\\.slack\\.com/services/T[A-Z0-9]{8,10}/B[A-Z0-9]{8,10}",
	"-----BEGIN (?:RSA |EC |DSA )?PRIVATE KEY-----[\\s\\S]*?-----END",
	"eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*",
	"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",
	"sk_live_[0-9a-zA-Z]{24}",
	"(?:r|s)k_(?:live|test)_[0-9a-zA-Z]{24,99}",
	"SG\\.[\\w-]{22}\\.[\\w-]{43}",
	"AIza[\\w-]{35}(?![\\w-])",
	"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
	"glpat-[\\w-]{20}",
	"dop_v1_[a-f0-9]{64}",
	"(?i)heroku[\\w .-]{0,20}[\"':=> ]{1,5}[0-9a-f]{8}-[0-9a-f]{4}",
	"://[^\\s:/@]{1,32}:(?<secret>[^\\s:/@]{4,64})@[\\w.-]+",
	"(?:mongodb|postgres)(?:\\+srv)?://[^:\\s]+:[^@\\s]+@",
	"abc(?=def)[a-z]{3}",
	"abc(?!def)[a-z]{3}",
	"(?<=x)abc",
	"(?<!x)abc(?<=bc)d",
	"(abc)-\\1",
	"(?<q>[\"'])key\\k<q>:abcd",
	"key(['\"]?)=\\1abc",
	"^abcd$",
	"(?m)^abcd$",
	"\\Aabcd\\z",
	"(?s)abc.{0,5}def",
	"abc.{0,5}def",
	"(?i:abc)DEF",
	"abc(?i)def|xyz",
	"(?x) abc \\s? def # comment",
	"abc(?:de|fgh|)(?:i|j)k",
	"(?:abc|abd|ab){2,3}c",
	"(?:abcd?){2,}e",
	"(?:foo|foobar)(?:bar)?baz",
	"(?>foo|foobar)baz",
	"fo{2,}bar++baz*?",
	"(?:abc){3,}",
	"(?:abcdefgh){20}",
	"abc[^\\n]{130}d",
	"[a-z]{0,3}-abc",
	"a?b?c?defg",
	"(?:(?:ab){1,2}c){1,2}def",
	"abc|def|ghi[0-9]+",
	"abc(?:|x+)y?z",
	"\\x00\\x01\\x02[\\x80-\\xff]{2}",
	"abc\\R\\h*def",
	"abc[[:^digit:]]{2}[[:upper:]]",
	"(?i)[[:upper:]]bcd",
	"k(?:e(?:y(?:s)?)?)_abc",
	"----------[a-f]{4}",
	"aaa(?:aa){0,3}b",
	"(?:a|aa|aaa){2}bbb",
	"\\.(?:env|cfg)\\b.{1,9}=x",
	"(?=abc)[a-z]{3,9}def",
	"abc[0-9]*+def[0-9]?+",
	"(?:abc[\\s\\S]{0,3}){2}end",
	"tok_(?<secret>[a-z]{4}(?:-[a-z]{4}){2,})",
	"(?i)(?:key|pass|auth)[\\w.-]{0,16}[\"']{0,2} {0,7}[=:]{1,2}x{10,12}",
	"(?:key|pwd)[a-f]{0,20}(?:[=:]|->) {0,9}(?:[a-z]{8}|[0-9]{9}){6}",
};

/* A pattern with its anchor, both ready to run. */
struct subject {
	struct ks_arena arena;
	struct ks_syntax syntax;
	struct ks_node *anchor; /* what Hyperscan has of it */
	struct ks_buf text;     /* of that */
	struct ks_follow follow;
	bool has_follow;
	uint32_t width;              /* of both */
	struct ks_literals literals; /* of the whole anchor; maybe none */
	pcre2_code *regex;
	pcre2_match_data *match;
	hs_database_t *database;
	hs_scratch_t *scratch;
	uint32_t lookbehind;
	uint32_t extent;
	uint8_t is_end[SUBJECT_MAX + 1]; /* where the anchor was reported */
};

static void split(struct subject *out)
{
	struct ks_node *head;
	struct ks_node *rest;

	out->width = out->anchor->max_width;
	assert_int_equal(
		ks_anchor_split(&head, &rest, &out->arena, out->anchor), 0);
	if (!rest->first || !ks_follow_make(&out->follow, rest))
		return;
	assert_int_equal(head->max_width + rest->max_width, out->width);
	out->has_follow = true;
	out->anchor = head;
}

static bool open_pattern(struct subject *out, const char *pattern)
{
	struct ks_err err = { 0 };
	hs_compile_error_t *why;
	hs_expr_info_t *info;
	PCRE2_SIZE where;
	int code;

	memset(out, 0, sizeof(*out));
	if (ks_syntax_parse(&out->syntax, &out->arena, pattern, &err) < 0 ||
		ks_anchor_derive(
			&out->anchor, &out->arena, out->syntax.root, &err) < 0)
		return false;
	assert_int_equal(ks_literals_derive(&out->literals, &out->arena,
				 &out->arena, out->anchor),
		0);
	split(out);
	assert_int_equal(ks_node_print(&out->text, out->anchor), 0);
	out->regex = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
		PCRE2_ANCHORED, &code, &where, NULL);
	assert_non_null(out->regex);
	out->match = pcre2_match_data_create(16, NULL);
	if (hs_compile(ks_buf_str(&out->text), 0, HS_MODE_BLOCK, NULL,
		    &out->database, &why) != HS_SUCCESS)
		fail_msg("%s: %s: %s", pattern, (char *)out->text.p,
			why->message);
	assert_int_equal(
		hs_alloc_scratch(out->database, &out->scratch), HS_SUCCESS);
	assert_int_equal(
		hs_expression_info(ks_buf_str(&out->text), 0, &info, &why),
		HS_SUCCESS);
	assert_int_equal(info->min_width, out->anchor->min_width);
	assert_int_equal(info->max_width, out->anchor->max_width);
	free(info);
	out->lookbehind = ks_node_lookbehind(out->syntax.root);
	out->extent = ks_node_extent(out->syntax.root);
	return true;
}

static void close_pattern(struct subject *subject)
{
	hs_free_scratch(subject->scratch);
	hs_free_database(subject->database);
	pcre2_match_data_free(subject->match);
	pcre2_code_free(subject->regex);
	ks_buf_release(&subject->text);
	ks_arena_release(&subject->arena);
}

static void add_noise(struct ks_buf *out)
{
	static const char bytes[] = "abcdefxk_-:= \"'\n0A.";

	for (uint32_t n = below(3) ? below(12) : 0; n > 0; n--)
		assert_int_equal(
			ks_buf_add_byte(
				out, (uint8_t)bytes[below(sizeof(bytes) - 1)]),
			0);
}

static void mutate(struct ks_buf *text)
{
	for (uint32_t n = below(3); n > 0 && text->n > 1; n--) {
		size_t at = below((uint32_t)text->n);

		if (below(3) == 0) {
			memmove(text->p + at, text->p + at + 1,
				text->n - at - 1);
			text->n--;
		} else if (below(2)) {
			text->p[at] = text->p[below((uint32_t)text->n)];
		} else {
			text->p[at] ^= (uint8_t)(1 << below(8));
		}
	}
}

static int mark_end(unsigned id, unsigned long long from, unsigned long long to,
	unsigned flags, void *payload)
{
	struct subject *subject = payload;

	(void)id;
	(void)from;
	(void)flags;
	subject->is_end[to] = 1;
	return 0;
}

static bool matches_at(
	struct subject *subject, struct ks_span text, size_t at, size_t *end)
{
	int rc = pcre2_match(
		subject->regex, text.p, text.n, at, 0, subject->match, NULL);

	*end = rc > 0 ? pcre2_get_ovector_pointer(subject->match)[1] - at : 0;
	return rc > 0;
}

/* Nothing behind the anchor's greatest width need be there. */
static bool is_followed(const struct subject *subject, struct ks_span text,
	size_t start, size_t end)
{
	size_t to = text.n - start < subject->width ? text.n
						    : start + subject->width;

	return !subject->has_follow ||
	       ks_follow_begins(&subject->follow, ks_span_cut(text, end, to));
}

static bool is_in_window(
	const struct subject *subject, struct ks_span text, size_t start)
{
	for (size_t e = start + subject->anchor->min_width;
		e <= start + subject->anchor->max_width && e <= text.n; e++) {
		if (subject->is_end[e] && is_followed(subject, text, start, e))
			return true;
	}
	return false;
}

/* Is one of the literals where it stands in a match from ${start} on? */
static bool has_literal(
	const struct subject *subject, struct ks_span text, size_t start)
{
	if (text.n - start > subject->width)
		text.n = start + subject->width;
	for (uint32_t i = 0; i < subject->literals.count; i++) {
		const struct ks_literal *literal = &subject->literals.list[i];

		if (test_literal_stands(literal, text, start + literal->offset))
			return true;
	}
	return subject->literals.count == 0;
}

/* The same match must be found with only the bytes it says it looks at. */
static void check_reach(struct subject *subject, const char *pattern,
	struct ks_span text, size_t start, bool is_match, size_t length)
{
	size_t from =
		start > subject->lookbehind ? start - subject->lookbehind : 0;
	size_t to = subject->extent < text.n - start ? start + subject->extent
						     : text.n;
	struct ks_span cut = ks_span_cut(text, from, to);
	size_t cut_length;

	if (matches_at(subject, cut, start - from, &cut_length) != is_match ||
		cut_length != length)
		fail_msg("%s looks further than it says: at %zu of '%.*s'",
			pattern, start, (int)text.n, (const char *)text.p);
}

/* Returns how many matches there were. */
static unsigned check_text(
	struct subject *subject, const char *pattern, struct ks_span text)
{
	unsigned found = 0;

	memset(subject->is_end, 0, sizeof(subject->is_end));
	assert_int_equal(hs_scan(subject->database, (const char *)text.p,
				 (unsigned)text.n, 0, subject->scratch,
				 mark_end, subject),
		HS_SUCCESS);
	for (size_t start = 0; start < text.n; start++) {
		size_t length;
		bool is_match = matches_at(subject, text, start, &length);

		found += is_match;
		if (is_match && !is_in_window(subject, text, start))
			fail_msg("%s: anchor %s missed the match at %zu of "
				 "'%.*s'",
				pattern, ks_buf_str(&subject->text), start,
				(int)text.n, (const char *)text.p);
		if (is_match && !has_literal(subject, text, start))
			fail_msg("%s: no literal at %zu of '%.*s'", pattern,
				start, (int)text.n, (const char *)text.p);
		check_reach(subject, pattern, text, start, is_match, length);
	}
	return found;
}

static unsigned check_pattern(
	struct subject *subject, const char *pattern, unsigned rounds)
{
	struct ks_buf text = { 0 };
	unsigned found = 0;

	for (unsigned round = 0; round < rounds; round++) {
		struct captures captures = { { 0 }, { 0 } };

		ks_buf_reset(&text);
		add_noise(&text);
		generate(&text, subject->syntax.root, &captures);
		if (below(3) == 0)
			generate(&text, subject->syntax.root, &captures);
		add_noise(&text);
		if (below(2))
			mutate(&text);
		if (text.n > 0 && text.n <= SUBJECT_MAX)
			found += check_text(
				subject, pattern, ks_buf_span(&text));
	}
	ks_buf_release(&text);
	return found;
}

static void test_anchor__is_reported_before_every_match(void **state)
{
	(void)state;
	srandom(1);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct subject subject;

		if (!open_pattern(&subject, patterns[i]))
			fail_msg("%s has no anchor", patterns[i]);
		if (check_pattern(&subject, patterns[i], 60) == 0)
			fail_msg("%s never matched", patterns[i]);
		close_pattern(&subject);
	}
}

static void add(struct ks_buf *out, const char *text)
{
	assert_int_equal(ks_buf_add_str(out, text), 0);
}

/* Append a random pattern over few letters, so that things overlap. */
static void random_pattern(struct ks_buf *out, unsigned depth)
{
	static const char *const atoms[] = { "a", "b", "ab", "c", "abc", "bc",
		"[ab]", "[^a]", ".", "\\w", "\\b", "(?=a)", "(?!b)", "(?<=b)",
		"(?i)a", "\\d", "(?s:.)", "x", "xyz", "abcabc" };
	static const char *const quantifiers[] = { "", "", "", "", "", "?", "*",
		"+", "{2}", "{0,2}", "{1,3}", "{2,}", "*?", "++", "{20}" };
	static const char *const opens[] = { "(?:", "(", "(?>", "(?=", "(?!" };

	for (uint32_t n = 1 + below(4); n > 0; n--) {
		const char *quantifier = quantifiers[below(15)];

		if (depth > 0 && below(3) == 0) {
			add(out, opens[below(5)]);
			random_pattern(out, depth - 1);
			if (below(2)) {
				add(out, "|");
				random_pattern(out, depth - 1);
			}
			add(out, ")");
		} else {
			const char *atom = atoms[below(20)];

			add(out, atom);
			if (atom[0] == '(' || atom[1] == 'b')
				quantifier = "";
		}
		add(out, quantifier);
	}
}

static void test_anchor__holds_for_random_patterns(void **state)
{
	struct ks_buf text = { 0 };
	unsigned derived = 0;
	unsigned literal = 0;
	unsigned found = 0;

	(void)state;
	srandom(2);
	for (unsigned round = 0; round < 500; round++) {
		struct subject subject;
		PCRE2_SIZE where;
		pcre2_code *regex;
		int code;

		ks_buf_reset(&text);
		random_pattern(&text, 3);
		regex = pcre2_compile((PCRE2_SPTR)ks_buf_str(&text), text.n, 0,
			&code, &where, NULL);
		if (!regex)
			continue;
		pcre2_code_free(regex);
		if (!open_pattern(&subject, ks_buf_str(&text))) {
			ks_arena_release(&subject.arena);
			continue;
		}
		derived++;
		literal += subject.literals.count > 0;
		found += check_pattern(&subject, ks_buf_str(&text), 12);
		close_pattern(&subject);
	}
	ks_buf_release(&text);
	assert_true(derived > 60);
	assert_true(literal > 30);
	assert_true(found > 300);
}

/* Not all of them can match what is made here: assertions are not obeyed. */
static void test_anchor__holds_for_built_in_rules(void **state)
{
	struct ks_rules *rules;
	struct ks_err err = { 0 };
	uint32_t matched = 0;

	(void)state;
	srandom(3);
	if (ks_rules_load(&rules, NULL, 0, &err) < 0)
		fail_msg("%s", err.message);
	for (uint32_t i = 0; i < rules->count; i++) {
		const struct ks_rule *rule = &rules->list[i];
		struct subject subject;

		if (rule->near.rule != KS_RULE_NONE)
			continue;
		if (!open_pattern(&subject, rule->pattern))
			fail_msg("rule '%s' has no anchor", rule->id);
		assert_int_equal(subject.width, rule->anchor_width);
		assert_true(rule->token_reach ||
			    rule->literal_count == subject.literals.count);
		if (rule->literal_count)
			assert_int_equal(rule->anchor_max, rule->anchor_min);
		else if (subject.has_follow == (rule->follow != NULL))
			assert_int_equal(
				subject.anchor->max_width, rule->anchor_max);
		else
			assert_true(rule->token_reach > 0);
		matched += check_pattern(&subject, rule->pattern, 20) > 0;
		close_pattern(&subject);
	}
	assert_true(matched >= rules->count / 2);
	ks_rules_free(rules);
}

static void test_anchor__is_a_short_rare_prefix(void **state)
{
	static const struct {
		const char *pattern;
		const char *anchor;
	} cases[] = {
		{ "ghp_(?<secret>[A-Za-z0-9]{36,})", "ghp_[0-9A-Za-z]{12}" },
		{ "(?:AKIA|ASIA)[A-Z2-7]{16}", "(?:AKIA|ASIA)[2-7A-Z]{10}" },
		{ "-----BEGIN KEY", "\\x2d\\x2d\\x2d\\x2d\\x2dBEGIN\\x20KEY" },
		{ "(?i)pwd.{0,40}", "[Pp][Ww][Dd]" },
		{ "\\bkey=\\S{8,}", "key\\x3d" },
		{ "(?:abc|de.*)f", NULL },
		{ "abc(?:d|)e{0,5}", "abc" },
		{ "[0-9]{8,10}:AA\\w{33}", "[0-9]{8,10}\\x3aAA" },
		{ "gh[pousr]_\\w+", "gh[o-pr-su]_[0-9A-Z_a-z]" },
		{ "AC[0-9a-f]{32}", "AC[0-9a-f]{9}" },
		{ "ab", NULL },
		{ "AC[0-9A-Za-z]{32}", NULL },
		{ "a[0-9a-f]{32}", NULL },
		{ "[0-9]{4}-[0-9]{4}", NULL },
		{ "[0-7]{3}", NULL },
		{ "a.b.c.d", NULL },
		{ "[a-z_-]{0,40}secret", NULL },
		{ ".*abc", NULL },
		{ "[a-z]{0,200}-abc", NULL },
		{ "(?:abc)?", NULL },
		{ "abc|", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_err err = { 0 };
		struct ks_syntax syntax;
		struct ks_buf text = { 0 };
		struct ks_node *anchor;
		int rc;

		assert_int_equal(ks_syntax_parse(&syntax, &arena,
					 cases[i].pattern, &err),
			KS_OK);
		rc = ks_anchor_derive(&anchor, &arena, syntax.root, &err);
		if (rc == KS_OK)
			assert_int_equal(ks_node_print(&text, anchor), 0);
		if (rc == KS_OK && !cases[i].anchor)
			fail_msg("%s has the anchor %s", cases[i].pattern,
				ks_buf_str(&text));
		if (rc == KS_OK)
			assert_string_equal(ks_buf_str(&text), cases[i].anchor);
		else
			assert_null(cases[i].anchor);
		ks_buf_release(&text);
		ks_arena_release(&arena);
	}
}

static void test_anchor__is_never_too_wide(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_syntax syntax;
		struct ks_node *anchor;

		assert_int_equal(
			ks_syntax_parse(&syntax, &arena, patterns[i], NULL),
			KS_OK);
		if (ks_anchor_derive(&anchor, &arena, syntax.root, NULL) < 0)
			fail_msg("%s has no anchor", patterns[i]);
		assert_in_range(anchor->min_width, KS_ANCHOR_MIN_RUN,
			anchor->max_width);
		assert_in_range(anchor->max_width, KS_ANCHOR_MIN_RUN,
			KS_ANCHOR_MAX_WIDTH);
		ks_arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anchor__is_reported_before_every_match),
		cmocka_unit_test(test_anchor__holds_for_random_patterns),
		cmocka_unit_test(test_anchor__holds_for_built_in_rules),
		cmocka_unit_test(test_anchor__is_a_short_rare_prefix),
		cmocka_unit_test(test_anchor__is_never_too_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
