/* SPDX-License-Identifier: Apache-2.0 */
/* Random rules, texts full of what they nearly match, and random deltas. */
#include "texts.h"

#include "lib/packs.h"

#include <stdlib.h>

/*
 * Each kind of thing that can go wrong at a seam: guards on both sides,
 * anchors of fixed and of varying width, no bound, more than one line,
 * starts that overlap, secrets behind, before and around the anchor.
 */
static const struct test_rule pool[] = {
	{ "fixed", "\\bkey_(?<secret>[a-f0-9]{8})\\b", NULL },
	{ "caseless", "(?i)tok\\s{0,3}=\\s{0,3}(?<secret>[a-z0-9]{4,9})",
		NULL },
	{ "open", "(?<![a-z])abc(?<secret>[0-9]{4,})", NULL },
	{ "open-guarded", "xyz(?<secret>[0-9a-f]{5,})(?![0-9a-f]|;)", NULL },
	{ "ahead", "(?<secret>xx-[a-z]{3,5})(?=;|$)", NULL },
	{ "block", "<<KEY(?<secret>[\\s\\S]{3,90}?)KEY>>", "  kind: block\n" },
	{ "open-block", "<<KEY\\n(?<secret>(?:[a-f0-9]+\\n)+)KEY>>", NULL },
	{ "branches", "(?:foo|bar|bazqux)=(?<secret>\\w{5})(?!\\w)", NULL },
	{ "behind", "(?<=id:)(?<secret>z0-[0-9a-f]{4})", NULL },
	{ "far-behind", "(?<=foo=...)(?<secret>abc[0-9]{2})", NULL },
	{ "lines", "(?m)^conf (?<secret>.{4,20})$", NULL },
	{ "text", "\\A(?<secret>abc[0-9]{1,3})", NULL },
	{ "end", "(?<secret>abc[0-9]{1,6})\\z", NULL },
	{ "overlap", "(?<secret>abab[ab]{2,6})", NULL },
	{ "gap", "key_.{0,30}?(?<secret>Q[0-9]{3})", NULL },
	{ "long-gap", "user[^@]{0,60}@(?<secret>[a-z]{3})\\b", NULL },
	{ "open-gap", "user:(?<secret>[a-z]+)@", NULL },
	{ "short", "(?<secret>abc)", NULL },
	{ "wide", "(?:foo|key_[a-f0-9]{2,12}):(?<secret>[0-9]{2,4})", NULL },
	{ "class-first", "\\b[a-z]{0,6}key_(?<secret>[a-f0-9]{4,8})", NULL },
	{ "allowed", "bar=(?<secret>[a-z0-9]{4,8})",
		"  allow: ['^abc', 'f0$']\n" },
	{ "not-ahead", "(?<secret>tok=(?!abc)[a-z0-9]{3,6})", NULL },
	{ "backward", "(?<![0-9a-f]{4})key_(?<secret>[0-9a-f]{3,8})", NULL },
	{ "far-ahead", "conf (?<secret>[a-z]{3})(?=[\\s\\S]{0,40};)", NULL },
	{ "nul", "foo=\\x00?(?<secret>[0-9]{3,5})", NULL },
	{ "follow", "(?:key|bazqux)\\w{0,20} {0,9}[=:](?<secret>[a-z0-9]{3,6})",
		NULL },
	{ "follow-far", "abc[^;]{0,90};\n?(?<secret>[a-z]{2,5})", NULL },
	{ "follow-end", "(?:bar|xyz)\\w{0,16}(?<secret>[;:9]+)", NULL },
	{ "run", "gen.{0,40}=\\s?(?<secret>[0-9a-f]{24})",
		"  generated: true\n" },
	{ "run-cases", "gp_(?<secret>[A-Za-z0-9]{32})", "  generated: true\n" },
	{ "run-far", "foo[\\s\\S]{0,120}?:(?<secret>[0-9a-f]{20,40})",
		"  generated: true\n" },
	{ "run-ahead", "bar=(?=[^0-9]{0,15}[0-9])(?<secret>[a-z0-9]{16})",
		"  generated: true\n" },
};

static const char *const fragments[] = { "key_", "KEY_", "0f3a", "deadbeef",
	"12345", "abc", "ab", "abab", "ababab", "tok", "TOK", "=", " = ", "x",
	"xx-", "xyz", "abcd", ";", "\n", "\n", " ", "<<KEY", "<<KEY\n", "KEY>>",
	"<<KEY\n0a1b\n", "0a1b\n", "KEY>>\n", "foo=abcabc12", "id:z0-12ab ",
	"user:abc@x", "foo:123", "key_a1b2:9876", "foo",
	"foo=", "bar=", "bazqux=", "id:", "z0-", "conf ", "user", "user:", "@",
	"@abc", "Q123", "Q", ":", "9", "_", "w0rd5", "key_0123abcd",
	"foo=12345 ", "xyz00112233", "conf abc;", "near 12345",
	"\nlorem ipsum dolor sit amet, consectetur adipiscing elit\n",
	"                    ", "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", "gen",
	"gp_", "gen: =a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
	"gp_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEf", "AbCdEfGhIjKlMnOpQrStUvWxYzAb",
	"abcdefabcdefabcdefabcdef", "bar=abcdefab1defabcd" };

enum {
	FRAGMENTS = sizeof(fragments) / sizeof(*fragments)
};

uint32_t texts_random(uint64_t *state, uint32_t n)
{
	uint64_t x;

	*state += UINT64_C(0x9e3779b97f4a7c15);
	x = *state;
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ x >> 31) % n);
}

static void put(struct ks_buf *buf, struct ks_span bytes)
{
	if (ks_buf_add(buf, bytes.p, bytes.n) < 0)
		abort();
}

size_t texts_rule_count(void)
{
	return sizeof(pool) / sizeof(*pool);
}

void texts_rules(uint64_t *state, struct test_rule *out, size_t count)
{
	uint8_t taken[sizeof(pool) / sizeof(*pool)] = { 0 };

	for (size_t i = 0; i < count; i++) {
		uint32_t one;

		do
			one = texts_random(state, (uint32_t)sizeof(taken));
		while (taken[one]);
		taken[one] = 1;
		out[i] = pool[one];
	}
}

static void add_fragment(uint64_t *state, struct ks_buf *out)
{
	uint8_t byte;

	if (texts_random(state, 12) > 0) {
		put(out,
			ks_span_str(fragments[texts_random(state, FRAGMENTS)]));
		return;
	}
	byte = (uint8_t)texts_random(state, 256);
	put(out, ks_span_of(&byte, 1));
}

void texts_add(uint64_t *state, struct ks_buf *out, size_t n)
{
	size_t end = out->n + n;

	while (out->n < end)
		add_fragment(state, out);
}

struct making {
	uint64_t *state;
	struct ks_span base;
	struct ks_buf code; /* without its head */
	struct ks_buf *result;
};

static void copy(struct making *making, size_t from, size_t n)
{
	if (n == 0)
		return;
	test_delta_copy(&making->code, from, n);
	put(making->result, ks_span_cut(making->base, from, from + n));
}

static void insert(struct making *making, struct ks_span bytes)
{
	for (size_t at = 0; at < bytes.n; at += 127) {
		size_t end = bytes.n - at > 127 ? at + 127 : bytes.n;

		test_delta_insert(&making->code, ks_span_cut(bytes, at, end));
	}
	put(making->result, bytes);
}

/* A few bytes, a fragment or two, or some of the base as new bytes. */
static void insert_some(struct making *making)
{
	struct ks_buf text = { 0 };
	uint64_t *state = making->state;
	uint32_t n = (uint32_t)making->base.n;

	switch (texts_random(state, 4)) {
	case 0:
		put(&text,
			ks_span_of(
				&fragments[texts_random(state, FRAGMENTS)][0],
				1));
		break;
	case 1:
		texts_add(state, &text, 40);
		break;
	case 2:
		if (n) {
			size_t from = texts_random(state, n);
			size_t end = from + texts_random(state, 30);

			put(&text, ks_span_cut(making->base, from,
					   end < n ? end : n));
		}
		break;
	default:
		add_fragment(state, &text);
	}
	insert(making, ks_buf_span(&text));
	ks_buf_release(&text);
}

/* Lines or bytes deleted, replaced and put in between what stays. */
static void edit(struct making *making)
{
	uint64_t *state = making->state;
	size_t at = 0;
	uint32_t edits = 1 + texts_random(state, 4);
	uint32_t step = (uint32_t)making->base.n / edits + 1;

	if (texts_random(state, 4) == 0)
		insert_some(making);
	while (at < making->base.n) {
		size_t end = at + texts_random(state, step) + 1;

		if (end > making->base.n || texts_random(state, 8) == 0)
			end = making->base.n;
		copy(making, at, end - at);
		at = end;
		if (texts_random(state, 3) > 0)
			at += texts_random(state, 2) ? 1
						     : texts_random(state, 50);
		if (texts_random(state, 3) > 0)
			insert_some(making);
	}
}

/* Copies from anywhere, again and out of order. */
static void jumble(struct making *making)
{
	uint64_t *state = making->state;
	uint32_t n = (uint32_t)making->base.n;

	for (uint32_t i = texts_random(state, 8); i > 0; i--) {
		size_t from = n ? texts_random(state, n) : 0;
		size_t most = n - from;

		switch (texts_random(state, 4)) {
		case 0:
			insert_some(making);
			break;
		case 1:
			copy(making, from, most);
			break;
		case 2:
			copy(making, 0, from);
			break;
		default:
			copy(making, from,
				texts_random(state, (uint32_t)most + 1));
		}
	}
}

void texts_delta(uint64_t *state, struct ks_span base, struct ks_buf *code,
	struct ks_buf *result)
{
	struct making making = {
		.state = state, .base = base, .result = result
	};

	ks_buf_reset(code);
	ks_buf_reset(result);
	switch (texts_random(state, 16)) {
	case 0:
		break;
	case 1:
		copy(&making, 0, base.n);
		break;
	case 2:
		copy(&making, 0, base.n);
		copy(&making, 0, base.n);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
		jumble(&making);
		break;
	default:
		edit(&making);
	}
	test_delta_begin(code, base.n, result->n);
	put(code, ks_buf_span(&making.code));
	ks_buf_release(&making.code);
}
