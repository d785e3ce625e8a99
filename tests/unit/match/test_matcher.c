/* SPDX-License-Identifier: Apache-2.0 */
/* A delta's scan must find what a full scan finds, case by case. */
#include "lib/check.h"

#include "lib/packs.h"
#include "lib/rules.h"

static const struct test_rule rules[] = {
	{ "bounded", "\\btoken_(?<secret>[0-9a-f]{8})\\b", NULL },
	{ "open", "open-(?<secret>[0-9]{4,})", NULL },
	{ "block", "<<KEY<<\\n(?<secret>(?:[a-z]{1,20}\\n)+)>>KEY>>", NULL },
	{ "behind", "(?<=user:)(?<secret>pass-[a-z]{4})", NULL },
	{ "ahead", "value=(?<secret>[a-z]{4}) {0,20}(?=;)", NULL },
	{ "varying", "(?:pw|password)[ =]{1,30}(?<secret>[a-z]{4})", NULL },
	{ "trail", "secret: {0,9}(?<secret>[a-z0-9]{4}).{0,60}!", NULL },
};

struct op {
	size_t from; /* in the base */
	size_t n;
	const char *text; /* not NULL: new bytes */
};

#define COPY(from, n)                                                          \
	{                                                                      \
		from, n, NULL                                                  \
	}
#define INSERT(text)                                                           \
	{                                                                      \
		0, 0, text                                                     \
	}

static int set_up(void **state)
{
	static struct test_engine engine;

	test_engine_open(&engine, rules, sizeof(rules) / sizeof(*rules));
	*state = &engine;
	return 0;
}

static int tear_down(void **state)
{
	test_engine_close(*state);
	return 0;
}

static void scan(struct ks_matcher *matcher, const struct ks_subject *subject,
	struct ks_matches *out)
{
	struct ks_err err = { 0 };

	if (ks_matcher_scan(matcher, subject, out, &err) < 0)
		fail_msg("%s", err.message);
}

/* The secrets of ${matches} in ${text}, one a line. */
static const char *list(struct ks_buf *out, struct ks_span text,
	const struct ks_matches *matches)
{
	ks_buf_reset(out);
	for (size_t i = 0; i < matches->count; i++)
		assert_int_equal(
			ks_buf_printf(out, "%zu:%.*s|",
				matches->list[i].secret_start,
				(int)(matches->list[i].secret_end -
					matches->list[i].secret_start),
				text.p + matches->list[i].secret_start),
			KS_OK);
	return ks_buf_str(out);
}

static void make_child(struct ks_buf *child, struct ks_delta *delta,
	const char *base, const struct op *ops, size_t count)
{
	struct ks_buf code = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += ops[i].text ? strlen(ops[i].text) : ops[i].n;
	test_delta_begin(&code, strlen(base), n);
	for (size_t i = 0; i < count; i++) {
		if (ops[i].text)
			test_delta_insert(&code, ks_span_str(ops[i].text));
		else if (ops[i].n)
			test_delta_copy(&code, ops[i].from, ops[i].n);
	}
	assert_int_equal(ks_buf_reserve(child, n + 1), KS_OK);
	child->n = n;
	assert_int_equal(ks_delta_apply(delta, child->p, n, ks_span_str(base),
				 ks_buf_span(&code), NULL),
		KS_OK);
	ks_buf_release(&code);
}

/*
 * In ${base} are the secrets ${before}, in what ${ops} make of it ${after},
 * each as "offset:secret|". Whole, as a delta and by the reference.
 */
static void check(void **state, const char *base, const struct op *ops,
	size_t count, const char *before, const char *after)
{
	struct test_engine *engine = *state;
	struct ks_carry carry = { 0 };
	struct ks_subject subject = { .bytes = ks_span_str(base),
		.carry = &carry };
	struct ks_matches matches = { 0 };
	struct ks_delta delta = { 0 };
	struct ks_buf child = { 0 };
	struct ks_buf text = { 0 };

	scan(engine->fast, &subject, &matches);
	assert_string_equal(list(&text, subject.bytes, &matches), before);
	make_child(&child, &delta, base, ops, count);
	subject = (struct ks_subject){ .bytes = ks_buf_span(&child) };
	scan(engine->reference, &subject, &matches);
	assert_string_equal(list(&text, subject.bytes, &matches), after);
	scan(engine->fast, &subject, &matches);
	assert_string_equal(list(&text, subject.bytes, &matches), after);
	subject.delta = &delta;
	subject.base = &carry;
	scan(engine->fast, &subject, &matches);
	assert_string_equal(list(&text, subject.bytes, &matches), after);
	ks_buf_release(&child);
	ks_buf_release(&text);
	ks_delta_release(&delta);
	ks_matches_release(&matches);
	ks_carry_release(&carry);
}

#define CHECK(base, before, after, ...)                                        \
	do {                                                                   \
		const struct op ops[] = { __VA_ARGS__ };                       \
		check(state, base, ops, sizeof(ops) / sizeof(*ops), before,    \
			after);                                                \
	} while (0)

static void test_matcher__finds_a_secret_across_a_seam(void **state)
{
	CHECK("token_0123 .. 4567abcd", "", "6:01234567|", COPY(0, 10),
		COPY(14, 4));
	CHECK("tok .. en_01234567", "", "6:01234567|", COPY(0, 3), COPY(7, 11));
	CHECK("token_012x4567", "", "6:01234567|", COPY(0, 9), INSERT("3"),
		COPY(10, 4));
}

static void test_matcher__finds_it_at_the_first_and_last_byte(void **state)
{
	CHECK("token_01234567", "6:01234567|", "6:01234567|", COPY(0, 14));
	CHECK("xtoken_01234567", "", "6:01234567|", COPY(1, 14));
	CHECK("token_01234567x", "", "6:01234567|", COPY(0, 14));
	CHECK("x", "", "6:01234567|", INSERT("token_01234567"));
	CHECK("pw=abcd", "3:abcd|", "3:abcd|17:abcd|", COPY(0, 7), INSERT("\n"),
		INSERT("password"), COPY(2, 5));
}

/* An anchor of varying width near the start, and nothing new before it. */
static void test_matcher__finds_it_in_a_copied_head(void **state)
{
	CHECK("pw=abcd\n....", "3:abcd|", "3:abcd|", COPY(0, 10));
	CHECK("..\npw=abcd\n....", "6:abcd|", "3:abcd|", COPY(3, 10));
	CHECK("..\npw=abcd\n....", "6:abcd|", "4:abcd|", COPY(2, 10));
}

static void test_matcher__follows_what_was_copied_from_elsewhere(void **state)
{
	CHECK(".... token_01234567 ....", "11:01234567|",
		"7:01234567|23:01234567|", COPY(4, 16), COPY(4, 16));
	CHECK("first token_01234567\nsecond token_89abcdef\n",
		"12:01234567|34:89abcdef|", "13:89abcdef|34:01234567|",
		COPY(21, 22), COPY(0, 21));
}

static void test_matcher__forgets_what_only_the_base_has(void **state)
{
	CHECK("a token_01234567 b", "8:01234567|", "", COPY(0, 2), COPY(16, 2));
	CHECK("a token_01234567 b", "8:01234567|", "", INSERT("nothing"));
	CHECK("a token_01234567 b", "8:01234567|", "", COPY(0, 0));
}

static void test_matcher__loses_it_to_one_changed_byte(void **state)
{
	CHECK("a token_01234567 b", "8:01234567|", "", COPY(0, 12), INSERT("x"),
		COPY(13, 5));
	CHECK("a token_01234567 b", "8:01234567|", "", COPY(0, 16), INSERT("8"),
		COPY(16, 2));
	CHECK("a token_01234567 b", "8:01234567|", "", COPY(0, 1), INSERT("_"),
		COPY(2, 16));
}

/* Guards: the anchor itself is copied, and dead in the base. */
static void test_matcher__finds_what_a_byte_beside_it_allows(void **state)
{
	CHECK("a_token_01234567 b", "", "8:01234567|", COPY(0, 1), INSERT(" "),
		COPY(2, 16));
	CHECK("a token_012345678 b", "", "8:01234567|", COPY(0, 16),
		INSERT(" "), COPY(17, 2));
	CHECK("user pass-abcd", "", "5:pass-abcd|", COPY(0, 4), INSERT(":"),
		COPY(5, 9));
	CHECK("xser:pass-abcd", "", "5:pass-abcd|", INSERT("u"), COPY(1, 13));
	CHECK("user:pass-abcd", "5:pass-abcd|", "", INSERT("x"), COPY(1, 13));
	CHECK("value=abcd   ,", "", "6:abcd|", COPY(0, 13), INSERT(";"));
}

/* Within the rule's extent, but far behind the anchor. */
static void test_matcher__finds_what_a_byte_far_behind_allows(void **state)
{
	CHECK("secret: abcd .................... ?", "", "8:abcd|", COPY(0, 34),
		INSERT("!"));
	CHECK("secret: abcd .................... !", "8:abcd|", "", COPY(0, 34),
		INSERT("?"));
	CHECK("secret: abcd ......\n............ !", "", "8:abcd|", COPY(0, 19),
		COPY(20, 14));
}

static void test_matcher__extends_what_has_no_bound(void **state)
{
	CHECK("open-1234 5", "5:1234|", "5:12345|", COPY(0, 9), COPY(10, 1));
	CHECK("open-123 45", "", "5:12345|", COPY(0, 8), COPY(9, 2));
	CHECK("open-12345", "5:12345|", "5:1234|", COPY(0, 9));
}

static void test_matcher__finds_blocks_closed_far_away(void **state)
{
	CHECK("<<KEY<<\nabc\ndef\nghi\n>>KEY", "", "8:abc\ndef\nghi\n|",
		COPY(0, 25), INSERT(">>\n"));
	CHECK("<<KEY<<\nabc\nd3f\nghi\n>>KEY>>", "", "8:abc\ndef\nghi\n|",
		COPY(0, 13), INSERT("e"), COPY(14, 13));
	CHECK("<<KEY<<\nabc\ndef\n>>KEY>>", "8:abc\ndef\n|", "", COPY(0, 10),
		INSERT("-"), COPY(11, 12));
}

/* Grandchildren: what came alive, died and came alive again. */
static void test_matcher__carries_on_down_a_chain(void **state)
{
	static const char *const marks[] = { " ", "x", "y", " ", "x", " " };
	struct test_engine *engine = *state;
	struct ks_carry carries[2] = { 0 };
	struct ks_matches matches = { 0 };
	struct ks_delta delta = { 0 };
	struct ks_buf child = { 0 };
	char text[] = "a lot of text before _token_01234567 and behind";
	struct ks_subject subject = { .bytes = ks_span_str(text),
		.carry = &carries[0] };

	scan(engine->fast, &subject, &matches);
	assert_int_equal(matches.count, 0);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const struct op ops[] = { COPY(0, 21), INSERT(marks[i]),
			COPY(22, 25) };

		make_child(&child, &delta, text, ops, 3);
		subject = (struct ks_subject){ .bytes = ks_buf_span(&child),
			.delta = &delta,
			.base = &carries[i % 2],
			.carry = &carries[(i + 1) % 2] };
		scan(engine->fast, &subject, &matches);
		assert_int_equal(matches.count, marks[i][0] == ' ');
		memcpy(text, child.p, child.n);
	}
	ks_buf_release(&child);
	ks_delta_release(&delta);
	ks_matches_release(&matches);
	ks_carry_release(&carries[0]);
	ks_carry_release(&carries[1]);
}

/* A base that was not scanned to its end tells nothing. */
static void test_matcher__does_not_trust_half_a_base(void **state)
{
	struct test_engine *engine = *state;
	struct ks_carry nothing = { 0 };
	struct ks_delta_piece piece = { 0, 14, 0 };
	struct ks_delta delta = { .pieces = &piece, .count = 1 };
	struct ks_subject subject = { .bytes = ks_span_str("token_01234567"),
		.delta = &delta,
		.base = &nothing };
	struct ks_matches matches = { 0 };

	scan(engine->fast, &subject, &matches);
	assert_int_equal(matches.count, 1);
	nothing.is_whole = true;
	scan(engine->fast, &subject, &matches);
	assert_int_equal(matches.count, 0);
	ks_matches_release(&matches);
}

static void test_matcher__scans_of_a_delta_only_what_is_new(void **state)
{
	struct test_engine *engine = *state;
	struct ks_carry carry = { 0 };
	struct ks_buf text = { 0 };
	struct ks_matches matches = { 0 };
	struct ks_subject subject = { .carry = &carry };
	struct ks_delta_piece pieces[] = { { 0, 50000, 0 },
		{ 50000, 1, KS_DELTA_NEW }, { 50001, 49999, 50001 } };
	struct ks_delta delta = { .pieces = pieces, .count = 3 };
	uint64_t before;

	while (text.n < 100000)
		assert_int_equal(ks_buf_add_str(&text, "pw = none; "), KS_OK);
	text.n = 100000;
	subject.bytes = ks_buf_span(&text);
	scan(engine->fast, &subject, &matches);
	before = ks_matcher_counts(engine->fast)->bytes;
	assert_int_equal(before, 100000);
	subject.delta = &delta;
	subject.base = &carry;
	subject.carry = NULL;
	scan(engine->fast, &subject, &matches);
	assert_true(ks_matcher_counts(engine->fast)->bytes - before <
		    4 * ks_rules_width(engine->rules));
	ks_buf_release(&text);
	ks_matches_release(&matches);
	ks_carry_release(&carry);
}

static void test_matcher__looks_for_nothing_in_the_head(void **state)
{
	static const char text[] = "token_0123abcd pw\npw=wxyz open-1234\n";
	struct test_engine *engine = *state;
	struct ks_subject subject = { .bytes = ks_span_str(text), .head = 18 };
	struct ks_matcher *const engines[] = { engine->fast,
		engine->reference };
	struct ks_matches found = { 0 };
	struct ks_buf listed = { 0 };

	for (size_t i = 0; i < 2; i++) {
		scan(engines[i], &subject, &found);
		assert_string_equal(list(&listed, subject.bytes, &found),
			"21:wxyz|31:1234|");
	}
	subject.head = 20;
	for (size_t i = 0; i < 2; i++) {
		scan(engines[i], &subject, &found);
		assert_string_equal(
			list(&listed, subject.bytes, &found), "31:1234|");
	}
	ks_matches_release(&found);
	ks_buf_release(&listed);
}

static void test_matcher__tries_only_rules_that_are_wanted(void **state)
{
	struct test_engine *engine = *state;
	uint8_t wanted[sizeof(rules) / sizeof(*rules)] = { 0, 1 };
	struct ks_subject subject = { .bytes = ks_span_str(
					      "token_01234567 open-1234") };
	struct ks_matches matches = { 0 };

	for (int is_reference = 0; is_reference < 2; is_reference++) {
		struct ks_patterns *patterns;
		struct ks_matcher *matcher;

		assert_int_equal(
			ks_patterns_new(&patterns, engine->rules, wanted, NULL),
			KS_OK);
		assert_int_equal(
			ks_matcher_new(&matcher, patterns, is_reference, NULL),
			KS_OK);
		scan(matcher, &subject, &matches);
		assert_int_equal(matches.count, 1);
		assert_int_equal(matches.list[0].rule, 1);
		ks_matcher_free(matcher);
		ks_patterns_free(patterns);
	}
	ks_matches_release(&matches);
}

static void test_matcher__scans_nothing(void **state)
{
	struct test_engine *engine = *state;
	struct ks_subject subject = { 0 };
	struct ks_matches matches = { 0 };

	scan(engine->fast, &subject, &matches);
	assert_int_equal(matches.count, 0);
	scan(engine->reference, &subject, &matches);
	assert_int_equal(matches.count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_matcher__finds_a_secret_across_a_seam),
		TEST(test_matcher__finds_it_at_the_first_and_last_byte),
		TEST(test_matcher__finds_it_in_a_copied_head),
		TEST(test_matcher__follows_what_was_copied_from_elsewhere),
		TEST(test_matcher__forgets_what_only_the_base_has),
		TEST(test_matcher__loses_it_to_one_changed_byte),
		TEST(test_matcher__finds_what_a_byte_beside_it_allows),
		TEST(test_matcher__finds_what_a_byte_far_behind_allows),
		TEST(test_matcher__extends_what_has_no_bound),
		TEST(test_matcher__finds_blocks_closed_far_away),
		TEST(test_matcher__carries_on_down_a_chain),
		TEST(test_matcher__does_not_trust_half_a_base),
		TEST(test_matcher__scans_of_a_delta_only_what_is_new),
		TEST(test_matcher__looks_for_nothing_in_the_head),
		TEST(test_matcher__tries_only_rules_that_are_wanted),
		TEST(test_matcher__scans_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
