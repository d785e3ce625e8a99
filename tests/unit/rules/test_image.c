/* SPDX-License-Identifier: Apache-2.0 */
/* Images: they come back as they went, and damage never gets through. */
#include "rules/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rules/follow.h"
#include "rules/literal.h"
#include "rules/compile.h"
#include "rules/rulefile.h"

static const char text[] = "- id: one\n"
			   "  name: One\n"
			   "  pattern: (?<secret>one_[a-z]{8})\n"
			   "  confidence: 0.5\n"
			   "  entropy: 2.5\n"
			   "  min_length: 3\n"
			   "  allow: [x, y, z]\n"
			   "  source: https://example.org/s\n"
			   "  match: [m1, m2]\n"
			   "  no_match: [n1, n2, n3]\n"
			   "- id: two\n"
			   "  name: Two\n"
			   "  kind: generic\n"
			   "  pattern: x(?<secret>[0-9])(?=abc)\n"
			   "  confidence: 1\n"
			   "  near: {id: one, within_lines: 7}\n"
			   "  public: true \n"
			   "  match: [m1, m2]\n"
			   "  no_match: [n1, n2]\n";

static void make(struct ks_buf *out, const char *rules)
{
	struct ks_drafts drafts = { 0 };
	struct ks_err err = { 0 };

	if (ks_rulefile_parse(&drafts, ks_span_str(rules), "x",
		    KS_RULEFILE_BUILTIN, &err) < 0 ||
		ks_compile(out, &drafts, &err) < 0)
		fail_msg("%s", err.message);
	ks_drafts_release(&drafts);
}

static void test_image__comes_back_as_it_went(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_buf bytes = { 0 };
	struct ks_err err = { 0 };
	struct ks_image image;
	const struct ks_rule *rule;

	(void)state;
	make(&bytes, text);
	if (ks_image_open(&image, &arena, ks_buf_span(&bytes), true, &err) < 0)
		fail_msg("%s", err.message);
	assert_int_equal(image.count, 2);
	rule = &image.rules[0];
	assert_string_equal(rule->id, "one");
	assert_string_equal(rule->name, "One");
	assert_string_equal(rule->pattern, "(?<secret>one_[a-z]{8})");
	assert_string_equal(rule->source, "https://example.org/s");
	assert_string_equal(rule->checked, "");
	assert_int_equal(rule->allow_count, 3);
	assert_string_equal(rule->allow[2], "z");
	assert_string_equal(rule->match[1], "m2");
	assert_string_equal(rule->no_match[2], "n3");
	assert_true(rule->entropy == 2.5F && rule->confidence == 0.5F);
	assert_int_equal(rule->min_length, 3);
	assert_int_equal(rule->kind, KS_RULE_TOKEN);
	assert_int_equal(rule->near.rule, KS_RULE_NONE);
	assert_int_equal(rule->anchor_min, rule->anchor_max);
	assert_int_equal(rule->extent, 12);
	assert_true(strlen(image.anchors[0]) > 0);
	assert_int_equal(rule->literal_count, 1);
	assert_memory_equal(rule->literals[0].value, "one_", 4);
	assert_int_equal(rule->literals[0].window_size, 4);
	assert_true(ks_follow_begins(
		rule->literals[0].follow, ks_span_str("abcdefgh")));
	assert_false(ks_follow_begins(
		rule->literals[0].follow, ks_span_str("Abcdefgh")));
	rule = &image.rules[1];
	assert_int_equal(rule->kind, KS_RULE_GENERIC);
	assert_int_equal(rule->near.rule, 0);
	assert_int_equal(rule->near.within_lines, 7);
	assert_true(rule->is_public);
	assert_int_equal(rule->extent, 5);
	assert_string_equal(image.anchors[1], "");
	/* A literal does for stage one. */
	assert_int_equal(image.database.n, 0);
	ks_buf_release(&bytes);
	ks_arena_release(&arena);
}

static void test_image__can_be_empty(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_buf bytes = { 0 };
	struct ks_image image;

	(void)state;
	make(&bytes, "");
	assert_int_equal(
		ks_image_open(&image, &arena, ks_buf_span(&bytes), true, NULL),
		KS_OK);
	assert_int_equal(image.count, 0);
	assert_int_equal(image.database.n, 0);
	ks_buf_release(&bytes);
	ks_arena_release(&arena);
}

static void digest_of(uint8_t out[32], const char *rules)
{
	struct ks_arena arena = { 0 };
	struct ks_buf bytes = { 0 };
	struct ks_image image;

	make(&bytes, rules);
	assert_int_equal(
		ks_image_open(&image, &arena, ks_buf_span(&bytes), true, NULL),
		KS_OK);
	memcpy(out, image.digest, 32);
	ks_buf_release(&bytes);
	ks_arena_release(&arena);
}

/* ${text} with the first ${from} replaced by ${to} of the same length. */
static void digest_with(uint8_t out[32], const char *from, const char *to)
{
	char changed[sizeof(text)];
	char *at;

	memcpy(changed, text, sizeof(text));
	at = strstr(changed, from);
	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	digest_of(out, changed);
}

static void test_image__has_a_digest_of_what_decides(void **state)
{
	static const char *const deciding[][2] = { { "one_", "ons_" },
		{ "0.5", "0.6" }, { "2.5", "2.6" },
		{ "length: 3", "length: 4" }, { "[x, y, z]", "[x, y, q]" },
		{ "generic", "block  " }, { "lines: 7", "lines: 8" },
		{ "public: true ", "public: false" },
		{ "- id: two", "- id: twi" } };
	uint8_t plain[32];
	uint8_t other[32];

	(void)state;
	digest_of(plain, text);
	digest_with(other, "name: One", "name: Eno");
	assert_memory_equal(plain, other, 32);
	digest_with(other, "[m1, m2]", "[m1, m3]");
	assert_memory_equal(plain, other, 32);
	for (size_t i = 0; i < sizeof(deciding) / sizeof(deciding[0]); i++) {
		digest_with(other, deciding[i][0], deciding[i][1]);
		if (memcmp(plain, other, 32) == 0)
			fail_msg("%s does not decide", deciding[i][0]);
	}
}

/* Open a copy on the heap, so that the sanitizer sees each byte past it. */
static int open_copy(const struct ks_buf *bytes, size_t n, size_t at,
	uint8_t change, bool verify)
{
	struct ks_arena arena = { 0 };
	struct ks_image image;
	uint8_t *copy = malloc(n ? n : 1);
	int rc;

	assert_non_null(copy);
	memcpy(copy, bytes->p, n);
	if (at < n)
		copy[at] ^= change;
	rc = ks_image_open(&image, &arena, ks_span_of(copy, n), verify, NULL);
	/* Whatever was let through must at least be readable. */
	for (uint32_t i = 0; rc == KS_OK && i < image.count; i++) {
		assert_true(strlen(image.rules[i].id) < n);
		for (uint32_t j = 0; j < image.rules[i].match_count; j++)
			assert_true(strlen(image.rules[i].match[j]) < n);
	}
	free(copy);
	ks_arena_release(&arena);
	return rc;
}

static void test_image__finds_each_damaged_byte(void **state)
{
	struct ks_buf bytes = { 0 };

	(void)state;
	make(&bytes, text);
	assert_int_equal(open_copy(&bytes, bytes.n, SIZE_MAX, 0, true), KS_OK);
	for (size_t at = 0; at < bytes.n; at++) {
		if (open_copy(&bytes, bytes.n, at, 1, true) != KS_E_CORRUPT)
			fail_msg("byte %zu can be changed", at);
	}
	for (size_t n = 0; n < bytes.n; n++)
		assert_int_equal(
			open_copy(&bytes, n, SIZE_MAX, 0, true), KS_E_CORRUPT);
	ks_buf_release(&bytes);
}

/* Without the digest to catch it, no offset leads outside. */
static void test_image__is_safe_to_open_unverified(void **state)
{
	static const uint8_t changes[] = { 1, 2, 4, 0x10, 0x80, 0xff };
	struct ks_buf bytes = { 0 };

	(void)state;
	make(&bytes, text);
	for (size_t at = 0; at < bytes.n && at < 4096; at++) {
		for (size_t i = 0; i < sizeof(changes); i++)
			(void)open_copy(&bytes, bytes.n, at, changes[i], false);
	}
	for (size_t n = 0; n < bytes.n; n++)
		assert_int_equal(
			open_copy(&bytes, n, SIZE_MAX, 0, false), KS_E_CORRUPT);
	ks_buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image__comes_back_as_it_went),
		cmocka_unit_test(test_image__can_be_empty),
		cmocka_unit_test(test_image__has_a_digest_of_what_decides),
		cmocka_unit_test(test_image__finds_each_damaged_byte),
		cmocka_unit_test(test_image__is_safe_to_open_unverified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
