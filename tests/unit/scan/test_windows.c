/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/rules.h"
#include "scan/finder.h"

#include <stdlib.h>

/* What the secrets of these tests look like: nothing that means anything. */
#define A "q7Rt2Lp9Xv4K"
#define B "w3Zn8Hc5Bd6M"

static const struct test_rule rules[] = {
	{ "token", "\\btok_(?<secret>[A-Za-z0-9]{12})\\b", NULL },
	{ "generic", "key=(?<secret>[A-Za-z0-9_]{8,40})", "  kind: generic\n" },
	{ "first", "\\Afirst:(?<secret>[A-Za-z0-9]{12})", NULL },
	{ "last", "last:(?<secret>[A-Za-z0-9]{12})\\z", NULL },
	{ "open", "open_(?<secret>[A-Za-z0-9]{12,})", NULL },
	{ "ident", "ident:(?<secret>[A-Z0-9]{6})",
		"  pairs_with: {id: secret, within_lines: 2}\n" },
	{ "secret", "value:(?<secret>[A-Za-z0-9]{12})", NULL },
	{ "close", "\\b(?<secret>Z[A-Za-z0-9]{15})\\b",
		"  near: {id: secret, within_lines: 1}\n" },
};

/* A line and all that judges look at lie within the margin. */
static const struct ks_window_size size = { 700, 700 };

struct context {
	struct test_engine engine;
	struct ks_finder whole;
	struct ks_finder cut;
};

static int set_up(void **state)
{
	static struct context context;
	struct context *c = &context;

	*c = (struct context){ 0 };
	test_engine_open(&c->engine, rules, sizeof(rules) / sizeof(*rules));
	*state = c;
	assert_int_equal(
		ks_finder_init(&c->whole, c->engine.patterns, false, NULL),
		KS_OK);
	assert_int_equal(
		ks_finder_init(&c->cut, c->engine.patterns, false, NULL),
		KS_OK);
	c->cut.window = size;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_finder_release(&context->whole);
	ks_finder_release(&context->cut);
	test_engine_close(&context->engine);
	return 0;
}

/* A stream over bytes in memory. */
struct source {
	struct ks_span left;
	size_t fails_at; /* bytes left when it fails; SIZE_MAX: never */
};

static int read_source(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct source *source = payload;

	*got = n < source->left.n ? n : source->left.n;
	if (*got)
		memcpy(to, source->left.p, *got);
	source->left = ks_span_cut(source->left, *got, source->left.n);
	if (source->left.n <= source->fails_at && source->fails_at != SIZE_MAX)
		return ks_fail(err, KS_E_IO, "torn");
	return KS_OK;
}

static void expect_same_secret(const struct ks_hits *a, uint32_t in_a,
	const struct ks_hits *b, uint32_t in_b)
{
	if (in_a == KS_HITS_NONE || in_b == KS_HITS_NONE) {
		assert_int_equal(in_a, in_b);
		return;
	}
	assert_int_equal(a->secrets[in_a].rule, b->secrets[in_b].rule);
	assert_true(ks_span_eq(a->secrets[in_a].bytes, b->secrets[in_b].bytes));
}

static void expect_same(const struct ks_hits *a, const struct ks_hits *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct ks_hit *left = &a->list[i];
		const struct ks_hit *right = &b->list[i];

		assert_int_equal(left->offset, right->offset);
		assert_int_equal(left->line, right->line);
		assert_int_equal(left->column, right->column);
		assert_int_equal(left->end_line, right->end_line);
		assert_int_equal(left->end_column, right->end_column);
		assert_int_equal(left->is_marked, right->is_marked);
		expect_same_secret(a, left->secret, b, right->secret);
		expect_same_secret(a, a->secrets[left->secret].pair, b,
			b->secrets[right->secret].pair);
		assert_true(a->secrets[left->secret].confidence ==
			    b->secrets[right->secret].confidence);
	}
}

/* Whole and in windows the same is found; returns how much. */
static size_t check(struct context *context, struct ks_span text)
{
	const struct ks_where where = { .kind = KS_PLACE_FILE, .name = "f" };
	struct ks_subject subject = { .bytes = text };
	struct source source = { text, SIZE_MAX };
	struct ks_stream stream = { read_source, &source };
	size_t in_whole;
	size_t in_windows;

	ks_hits_release(&context->whole.hits);
	ks_hits_release(&context->cut.hits);
	assert_int_equal(ks_finder_run(&context->whole, &subject, &where,
				 &in_whole, NULL),
		KS_OK);
	assert_int_equal(ks_finder_flow(&context->cut, &stream, &where,
				 &in_windows, NULL),
		KS_OK);
	assert_int_equal(in_whole, in_windows);
	expect_same(&context->whole.hits, &context->cut.hits);
	return in_whole;
}

static void fill(struct ks_buf *out, size_t n, unsigned *seed)
{
	static const char letters[] = "abcdefgh .,;\n-_=:";

	while (n-- > 0)
		assert_int_equal(
			ks_buf_add_byte(out,
				(uint8_t)letters[(unsigned)rand_r(seed) % 17]),
			KS_OK);
}

/* ${text} as UTF-16. */
static struct ks_buf widen(const struct ks_buf *text, bool is_big, bool is_bom)
{
	struct ks_buf out = { 0 };

	if (is_bom)
		assert_int_equal(
			ks_buf_add(&out, is_big ? "\xfe\xff" : "\xff\xfe", 2),
			KS_OK);
	for (size_t i = 0; i < text->n; i++) {
		uint8_t unit[2] = { 0 };

		unit[is_big] = text->p[i];
		assert_int_equal(ks_buf_add(&out, unit, 2), KS_OK);
	}
	return out;
}

/* ${planted} behind ${before} bytes, in each width. */
static size_t check_widths(
	struct context *context, const char *planted, size_t before, bool wide)
{
	struct ks_buf text = { 0 };
	unsigned seed = (unsigned)before;
	size_t found;

	fill(&text, before, &seed);
	assert_int_equal(ks_buf_add_str(&text, planted), KS_OK);
	fill(&text, 1500, &seed);
	found = check(context, ks_buf_span(&text));
	for (int i = 0; wide && i < 4; i++) {
		struct ks_buf units = widen(&text, i & 1, i & 2);

		assert_int_equal(check(context, ks_buf_span(&units)), found);
		ks_buf_release(&units);
	}
	ks_buf_release(&text);
	return found;
}

static void test_windows__find_what_the_whole_has(void **state)
{
	static const char *const planted[] = {
		" tok_" A " tok_" B " ",
		"key=abc_tok_" A "tok_" B "_x ",
		" open_" A B " ",
		" ident:Q7R2L9\n\n value:" A "\nident:R8S3M1 ",
		" value:" A "\n Z" A "abc \n Z" B "def ",
		" value:" A " # keysieve:allow\n",
	};

	/* Every offset at the first seam, some at the second. */
	for (size_t i = 0; i < sizeof(planted) / sizeof(*planted); i++) {
		size_t n = strlen(planted[i]);

		for (size_t at = size.own - n - 2; at < size.own + 2; at++)
			assert_true(check_widths(*state, planted[i], at,
					    at % 8 == 0) > 0);
		for (size_t at = 2 * size.own - n; at < 2 * size.own; at += 5)
			assert_true(check_widths(
					    *state, planted[i], at, false) > 0);
	}
}

static void test_windows__find_nothing_at_seams_that_is_not_there(void **state)
{
	/* A seam is neither the start nor the end of the object. */
	for (size_t at = 0; at < 30; at++) {
		assert_int_equal(check_widths(*state, " first:" A " ",
					 size.own - at, false),
			0);
		assert_int_equal(check_widths(*state, " last:" A " ",
					 size.own + size.margin - at, false),
			0);
		assert_int_equal(check_widths(*state, "xtok_" A " ",
					 size.own + size.margin - at, false),
			0);
	}
}

static void test_windows__know_both_ends(void **state)
{
	struct ks_buf text = { 0 };
	unsigned seed = 1;

	assert_int_equal(ks_buf_add_str(&text, "first:" A "\n"), KS_OK);
	fill(&text, 3000, &seed);
	assert_int_equal(ks_buf_add_str(&text, " last:" B), KS_OK);
	assert_int_equal(check(*state, ks_buf_span(&text)), 2);
	ks_buf_release(&text);
}

static void test_windows__take_any_length(void **state)
{
	for (size_t n = 0; n < 3 * size.own; n += n % 50 < 2 ? 1 : 24) {
		struct ks_buf text = { 0 };
		unsigned seed = (unsigned)n;

		fill(&text, n, &seed);
		assert_int_equal(check(*state, ks_buf_span(&text)), 0);
		assert_int_equal(ks_buf_add_str(&text, " tok_" A), KS_OK);
		assert_int_equal(check(*state, ks_buf_span(&text)), 1);
		ks_buf_release(&text);
	}
}

static void test_windows__name_what_is_longer_than_they(void **state)
{
	struct context *context = *state;
	const struct ks_where where = { .kind = KS_PLACE_FILE, .name = "f" };
	struct ks_buf text = { 0 };
	struct source source;
	struct ks_stream stream = { read_source, &source };
	struct ks_err err = { 0 };
	size_t found;

	assert_int_equal(ks_buf_add_str(&text, " tok_" A " open_"), KS_OK);
	while (text.n < 4 * size.own)
		assert_int_equal(ks_buf_add_str(&text, A), KS_OK);
	source = (struct source){ ks_buf_span(&text), SIZE_MAX };
	assert_int_equal(
		ks_finder_flow(&context->cut, &stream, &where, &found, &err),
		KS_E_LIMIT);
	assert_int_equal(found, 1);
	assert_non_null(strstr(err.message, "'open'"));
	ks_buf_release(&text);
}

static void test_windows__pass_on_what_the_stream_says(void **state)
{
	struct context *context = *state;
	const struct ks_where where = { .kind = KS_PLACE_FILE, .name = "f" };
	struct ks_buf text = { 0 };
	struct source source;
	struct ks_stream stream = { read_source, &source };
	unsigned seed = 3;
	struct ks_err err = { 0 };
	size_t found;

	assert_int_equal(ks_buf_add_str(&text, " tok_" A " "), KS_OK);
	fill(&text, 9 * size.own, &seed);
	source = (struct source){ ks_buf_span(&text), 100 };
	assert_int_equal(
		ks_finder_flow(&context->cut, &stream, &where, &found, &err),
		KS_E_IO);
	assert_string_equal(err.message, "torn");
	assert_int_equal(found, 1);
	ks_buf_release(&text);
}

static void test_windows__keep_what_a_snippet_needs(void **state)
{
	struct context *context = *state;
	const struct ks_hit *hit;
	struct ks_span secret;

	assert_int_equal(check_widths(context, " tok_" A " ", 690, false), 1);
	hit = &context->cut.hits.list[0];
	assert_null(context->whole.hits.list[0].shown);
	assert_non_null(hit->shown);
	assert_true(hit->shown->from < hit->offset);
	secret = ks_span_cut(hit->shown->bytes,
		(size_t)(hit->offset - hit->shown->from), hit->shown->bytes.n);
	assert_true(ks_span_starts(secret, A));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_windows__find_what_the_whole_has),
		TEST(test_windows__find_nothing_at_seams_that_is_not_there),
		TEST(test_windows__know_both_ends),
		TEST(test_windows__take_any_length),
		TEST(test_windows__name_what_is_longer_than_they),
		TEST(test_windows__pass_on_what_the_stream_says),
		TEST(test_windows__keep_what_a_snippet_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
