/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the text and however it is cut: in windows the same is found, at
 * the same places, as in the whole.
 *
 * KEYSIEVE_PROPERTY_SECONDS lets it look for longer; KEYSIEVE_PROPERTY_SEED
 * begins at the seed that a failure names.
 */
#include "lib/check.h"

#include "lib/rules.h"
#include "scan/finder.h"
#include "texts.h"

#include <stdlib.h>
#include <time.h>

enum {
	SECONDS = 4,
	ENCODED = 220, /* bytes at most that are encoded */
	LINE = 120,    /* bytes between line feeds, about */
	REACH = 3000 /* more than the longest piece, and what judges look at */
};

static const struct test_rule rules[] = {
	{ "token", "\\btok_(?<secret>[A-Za-z0-9]{12})\\b", NULL },
	{ "generic", "key=(?<secret>[A-Za-z0-9_]{8,40})", "  kind: generic\n" },
	{ "first", "\\Afirst:(?<secret>[A-Za-z0-9]{12})", NULL },
	{ "last", "last:(?<secret>[A-Za-z0-9]{12})\\z", NULL },
	{ "line", "^on_(?<secret>[A-Za-z0-9]{12})$", NULL },
	{ "open", "open_(?<secret>[A-Za-z0-9]{12,})", NULL },
	{ "block",
		"-----BEGIN A BLOCK-----(?<secret>[A-Za-z0-9\\s]{40,})"
		"-----END A BLOCK-----",
		NULL },
	{ "ident", "ident:(?<secret>[A-Z0-9]{6})",
		"  pairs_with: {id: secret, within_lines: 2}\n" },
	{ "secret", "value:(?<secret>[A-Za-z0-9]{12})", NULL },
	{ "close", "\\b(?<secret>Z[A-Za-z0-9]{15})\\b",
		"  near: {id: secret, within_lines: 1}\n" },
};

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

static void add(struct ks_buf *out, const char *text)
{
	assert_int_equal(ks_buf_add_str(out, text), KS_OK);
}

static void add_byte(struct ks_buf *out, unsigned byte)
{
	assert_int_equal(ks_buf_add_byte(out, (uint8_t)byte), KS_OK);
}

static void add_random(uint64_t *state, struct ks_buf *out, size_t n)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ"
				      "abcdefghijkmnpqrstuvwxyz23456789";

	while (n-- > 0)
		add_byte(out, (uint8_t)letters[texts_random(
				      state, sizeof(letters) - 1)]);
}

static void add_filler(uint64_t *state, struct ks_buf *out, size_t n)
{
	static const char letters[] = "abcdefgh .,;-_=:";

	while (n-- > 0)
		add_byte(out, texts_random(state, LINE)
				      ? (uint8_t)letters[texts_random(
						state, sizeof(letters) - 1)]
				      : '\n');
}

static void add_block(uint64_t *state, struct ks_buf *out)
{
	add(out, "-----BEGIN A BLOCK-----\n");
	for (uint32_t i = 1 + texts_random(state, 6); i > 0; i--) {
		add_random(state, out, 64);
		add(out, "\n");
	}
	add(out, "-----END A BLOCK-----\n");
}

/* Something to be found, or nearly. */
static void add_secret(uint64_t *state, struct ks_buf *out)
{
	static const char *const heads[] = { " tok_",
		"key=", "first:", "last:", "\non_", "open_",
		"value:", "ident:", " Z", "\nvalue:", "tok_" };
	static const char *const tails[] = { " ", "\n", "\"", "x", "",
		" # keysieve:allow\n" };

	if (texts_random(state, 8) == 0) {
		add_block(state, out);
		return;
	}
	add(out, heads[texts_random(state, sizeof(heads) / sizeof(*heads))]);
	if (texts_random(state, 12) == 0)
		add_random(state, out, texts_random(state, 300));
	add_random(state, out, 12 + (texts_random(state, 3) == 0 ? 3 : 0));
	add(out, tails[texts_random(state, sizeof(tails) / sizeof(*tails))]);
}

static void add_text(uint64_t *state, struct ks_buf *out, unsigned depth);

static void add_base64(struct ks_buf *out, struct ks_span from)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < from.n; i += 3) {
		size_t left = from.n - i;
		unsigned bits = (unsigned)from.p[i] << 16 |
				(left > 1 ? (unsigned)from.p[i + 1] << 8 : 0) |
				(left > 2 ? from.p[i + 2] : 0U);

		add_byte(out, (uint8_t)digits[bits >> 18]);
		add_byte(out, (uint8_t)digits[bits >> 12 & 63]);
		add_byte(out, left > 1 ? (uint8_t)digits[bits >> 6 & 63] : '=');
		add_byte(out, left > 2 ? (uint8_t)digits[bits & 63] : '=');
	}
}

/* Each byte as ${head} and two hexadecimal digits. */
static void add_hex(
	struct ks_buf *out, struct ks_span from, const char *head, bool all)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < from.n; i++) {
		if (!all && from.p[i] >= 'a' && from.p[i] <= 'y') {
			add_byte(out, from.p[i]);
			continue;
		}
		add(out, head);
		add_byte(out, (uint8_t)digits[from.p[i] >> 4]);
		add_byte(out, (uint8_t)digits[from.p[i] & 15]);
	}
}

/* Text of its own, encoded. */
static void add_encoded(uint64_t *state, struct ks_buf *out, unsigned depth)
{
	struct ks_buf inner = { 0 };
	struct ks_span text;

	add_filler(state, &inner, texts_random(state, 40));
	add_text(state, &inner, depth + 1);
	text = ks_span_of(inner.p, inner.n < ENCODED ? inner.n : ENCODED);
	add(out, texts_random(state, 2) ? " \"" : "\n");
	switch (texts_random(state, 5)) {
	case 0:
	case 1:
		add_base64(out, text);
		break;
	case 2:
		add_hex(out, text, "", true);
		break;
	case 3:
		add_hex(out, text, "%", false);
		break;
	default:
		add_hex(out, text, "\\x", texts_random(state, 2));
	}
	add(out, "\"\n");
	ks_buf_release(&inner);
}

static void add_text(uint64_t *state, struct ks_buf *out, unsigned depth)
{
	for (uint32_t i = 1 + texts_random(state, depth ? 2 : 4); i > 0; i--) {
		if (depth < 2 && texts_random(state, 3) == 0)
			add_encoded(state, out, depth);
		else
			add_secret(state, out);
		add_filler(state, out, texts_random(state, 30));
	}
}

/* Half of the pieces lie at a seam, before or after it. */
static void make_text(uint64_t *state, struct ks_buf *out, size_t own)
{
	size_t size = texts_random(state, 5) ? 2000 + texts_random(state, 16000)
					     : texts_random(state, 2000);

	if (texts_random(state, 4) == 0)
		add(out, "first:");
	while (out->n < size) {
		size_t seam = (out->n / own + 1) * own;
		size_t gap = texts_random(state, 900);

		if (texts_random(state, 2) && seam > out->n + 300)
			gap = seam - out->n - texts_random(state, 300);
		if (gap > size - out->n)
			gap = size - out->n;
		add_filler(state, out, gap);
		add_text(state, out, 0);
	}
	if (texts_random(state, 4) == 0) {
		add(out, "last:");
		add_random(state, out, 12);
	}
}

/* ${text} as UTF-16, or its second half. */
static void widen(uint64_t *state, struct ks_buf *text)
{
	struct ks_buf out = { 0 };
	bool is_big = texts_random(state, 2);
	size_t from = texts_random(state, 2) ? text->n / 2 : 0;

	assert_int_equal(ks_buf_add(&out, text->p, from), KS_OK);
	if (texts_random(state, 2))
		add(&out, is_big ? "\xfe\xff" : "\xff\xfe");
	for (size_t i = from; i < text->n; i++) {
		add_byte(&out, is_big ? 0 : text->p[i]);
		add_byte(&out, is_big ? text->p[i] : 0);
	}
	ks_buf_release(text);
	*text = out;
}

/* All of ${text} as one run of digits, longer than windows may be. */
static void wrap(uint64_t *state, struct ks_buf *text)
{
	struct ks_buf out = { 0 };

	add_filler(state, &out, texts_random(state, 3000));
	add(&out, texts_random(state, 2) ? " \"" : "\n");
	if (texts_random(state, 3))
		add_base64(&out, ks_buf_span(text));
	else
		add_hex(&out, ks_buf_span(text), "", true);
	/* With one digit too many the whole is no run, but parts are. */
	add(&out, "\"\n");
	add_filler(state, &out, texts_random(state, 3000));
	ks_buf_release(text);
	*text = out;
}

/* A stream over bytes in memory, which gives all that it is asked for. */
static int read_span(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct ks_span *left = payload;

	(void)err;
	*got = n < left->n ? n : left->n;
	if (*got)
		memcpy(to, left->p, *got);
	*left = ks_span_cut(*left, *got, left->n);
	return KS_OK;
}

static bool is_same_secret(const struct ks_hits *a, uint32_t in_a,
	const struct ks_hits *b, uint32_t in_b)
{
	if (in_a == KS_HITS_NONE || in_b == KS_HITS_NONE)
		return in_a == in_b;
	return a->secrets[in_a].rule == b->secrets[in_b].rule &&
	       a->secrets[in_a].confidence == b->secrets[in_b].confidence &&
	       ks_span_eq(a->secrets[in_a].bytes, b->secrets[in_b].bytes);
}

static bool is_same_hit(const struct ks_hits *a, const struct ks_hit *left,
	const struct ks_hits *b, const struct ks_hit *right)
{
	return left->offset == right->offset && left->line == right->line &&
	       left->column == right->column &&
	       left->end_line == right->end_line &&
	       left->end_column == right->end_column &&
	       left->is_marked == right->is_marked &&
	       is_same_secret(a, left->secret, b, right->secret) &&
	       is_same_secret(a, a->secrets[left->secret].pair, b,
		       b->secrets[right->secret].pair);
}

static void print_hit(const char *what, const struct ks_hits *hits, size_t i)
{
	const struct ks_hit *hit = &hits->list[i];
	const struct ks_secret *secret;

	if (i >= hits->count)
		return;
	secret = &hits->secrets[hit->secret];
	print_error(
		"%s, hit %zu: %s in %x at %zu, %u:%u to %u:%u, \"%.*s\", pair "
		"%u, confidence %g\n",
		what, i, rules[secret->rule].id, hit->encodings,
		(size_t)hit->offset, (unsigned)hit->line, (unsigned)hit->column,
		(unsigned)hit->end_line, (unsigned)hit->end_column,
		(int)secret->bytes.n, (const char *)secret->bytes.p,
		secret->pair, (double)secret->confidence);
}

static void compare(const struct ks_hits *a, const struct ks_hits *b)
{
	for (size_t i = 0; i < a->count || i < b->count; i++) {
		if (i < a->count && i < b->count &&
			is_same_hit(a, &a->list[i], b, &b->list[i]))
			continue;
		print_hit("whole", a, i);
		print_hit("cut", b, i);
		fail_msg("hit %zu of %zu and %zu", i, a->count, b->count);
	}
}

/* Returns how much was found. */
static size_t check(struct context *context, struct ks_span text)
{
	const struct ks_where where = { .kind = KS_PLACE_FILE, .name = "f" };
	struct ks_subject subject = { .bytes = text };
	struct ks_span left = text;
	struct ks_stream stream = { read_span, &left };
	size_t in_whole = 0;
	size_t in_windows = 0;

	ks_hits_release(&context->whole.hits);
	ks_hits_release(&context->cut.hits);
	assert_int_equal(ks_finder_run(&context->whole, &subject, &where,
				 &in_whole, NULL),
		KS_OK);
	assert_int_equal(ks_finder_flow(&context->cut, &stream, &where,
				 &in_windows, NULL),
		KS_OK);
	compare(&context->whole.hits, &context->cut.hits);
	assert_int_equal(in_whole, in_windows);
	return in_whole;
}

static uint64_t of_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void test_windows__find_what_the_whole_has(void **state)
{
	struct context *context = *state;
	time_t end = time(NULL) + (time_t)of_environment(
					  "KEYSIEVE_PROPERTY_SECONDS", SECONDS);
	uint64_t seed = of_environment("KEYSIEVE_PROPERTY_SEED", 1);
	uint64_t from = seed;
	size_t found = 0;

	for (; seed == from || time(NULL) < end; seed++) {
		uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
		struct ks_buf text = { 0 };
		size_t own = 2 * (200 + texts_random(&random, 2000));
		size_t margin = REACH + 2 * texts_random(&random, 300);

		make_text(&random, &text, own);
		if (texts_random(&random, 4) == 0)
			widen(&random, &text);
		else if (texts_random(&random, 4) == 0)
			wrap(&random, &text);
		print_message("# seed %llu: %zu bytes in %zu, %zu\n",
			(unsigned long long)seed, text.n, own, margin);
		context->cut.window = (struct ks_window_size){ own, margin };
		found += check(context, ks_buf_span(&text));
		ks_buf_release(&text);
	}
	assert_true(found > seed - from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_windows__find_what_the_whole_has, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
