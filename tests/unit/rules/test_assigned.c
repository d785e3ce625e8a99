/* SPDX-License-Identifier: Apache-2.0 */
/* Values that only their name tells: what is found, and what is not. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/assigned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pcre2.h>

#include "rules/anchor.h"
#include "rules/syntax.h"

#define HEX "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
#define MIXED "aB3dE6gH9jK2mN5pQ8sT"

static const struct ks_assigned adafruit = {
	.name = "adafruit(?:[_-]?io)?",
	.host = "adafruit\\.com",
	.value = "[0-9a-f]{32}",
};
static const struct ks_assigned box = {
	.name = "box",
	.value = "[A-Za-z0-9]{20}",
};
static const struct ks_assigned header = {
	.variable = "x-apikey",
	.value = "[0-9a-f]{32}",
};
static const struct ks_assigned segment = {
	.name = "segment",
	.words = "write|write_key",
	.value = "[A-Za-z0-9]{20}",
	.is_strict = true,
};
static const struct ks_assigned padded = {
	.name = "adafruit",
	.value = "[A-Za-z0-9+/]{19}=",
};

static pcre2_code *compiled(const struct ks_assigned *assigned, float *entropy)
{
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	const char *pattern;
	PCRE2_SIZE where;
	pcre2_code *code;
	int why;

	if (ks_assigned_expand(&pattern, entropy, &arena, assigned, &err) < 0)
		fail_msg("%s", err.message);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0,
		&why, &where, NULL);
	if (!code)
		fail_msg("error %d at %zu of %s", why, where, pattern);
	ks_arena_release(&arena);
	return code;
}

/* ${secret} NULL: nothing must be found in ${text}. */
static void check(const struct ks_assigned *assigned, const char *text,
	const char *secret)
{
	float entropy;
	pcre2_code *code = compiled(assigned, &entropy);
	pcre2_match_data *match =
		pcre2_match_data_create_from_pattern(code, NULL);
	PCRE2_UCHAR found[256] = "";
	PCRE2_SIZE size = sizeof(found);
	int rc = pcre2_match(
		code, (PCRE2_SPTR)text, strlen(text), 0, 0, match, NULL);

	if (rc > 0)
		pcre2_substring_copy_byname(
			match, (PCRE2_SPTR) "secret", found, &size);
	if ((rc > 0) != (secret != NULL))
		fail_msg("%s in: %s", secret ? "nothing" : "something", text);
	if (secret)
		assert_string_equal((const char *)found, secret);
	pcre2_match_data_free(match);
	pcre2_code_free(code);
}

static void test_assigned__knows_how_languages_assign(void **state)
{
	static const char *const texts[] = {
		"ADAFRUIT_IO_KEY=" HEX,
		"export ADAFRUIT_KEY_PROD='" HEX "'",
		"#define ADAFRUIT_IO_KEY \"" HEX "\"",
		"ENV ADAFRUIT_TOKEN " HEX,
		"const adafruitKey2 =\n  \"" HEX "\";",
		"\"adafruit_io\": {\n  \"api_key\": \"" HEX "\"}",
		"adafruit:\n  api_key: " HEX,
		"{\\\"adafruitKey\\\": \\\"" HEX "\\\"}",
		"$cfg['adafruit_key'] => '" HEX "',",
		"key = os.getenv(\"ADAFRUIT_KEY\", \"" HEX "\")",
		"ENV['ADAFRUIT_KEY'] || '" HEX "'",
		"${ADAFRUIT_KEY:-" HEX "}",
		"adafruit_key := `" HEX "`",
		"<adafruitKey>" HEX "</adafruitKey>",
		"<add key=\"AdafruitKey\" value=\"" HEX "\"/>",
		"<key>AdafruitKey</key>\n  <string>" HEX "</string>",
		"- name: ADAFRUIT_KEY\n  value: \"" HEX "\"",
		"Adafruit::Client.new(username: 1)",
		"Adafruit::Client.new(key: '" HEX "')",
		"ADAFRUIT_AUTH: Bearer " HEX,
		"https://io.adafruit.com/api/v2/feeds?x-aio-key=" HEX,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(&adafruit, texts[i],
			strstr(texts[i], "0f1e") ? HEX : NULL);
	check(&header, "curl -H 'x-apikey: " HEX "'", HEX);
}

static void test_assigned__passes_over_what_is_no_key(void **state)
{
	static const char *const texts[] = {
		"adafruit_checksum=" HEX,
		"adafruit " HEX,
		"ADAFRUIT_KEY=" HEX "00",
		"ADAFRUIT_KEY=" HEX ".join()",
		"ADAFRUIT_KEY=" HEX "(x)",
		"ADAFRUIT_KEY=aaaaaaaabbbbbbbbccccccccdddddddd",
		"https://io.adafruit.com/api/v2/feeds?sha=" HEX,
		"https://example.com/adafruit?key=" HEX,
		"adafruit keeps it; the key of another is " HEX,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(&adafruit, texts[i], NULL);
	check(&header, "x-apikey-hash: " HEX, NULL);
}

static void test_assigned__takes_short_and_strict_names_as_words(void **state)
{
	(void)state;
	check(&box, "BOX_KEY=" MIXED, MIXED);
	check(&box, "myBoxKey = \"" MIXED "\"", MIXED);
	check(&box, "my-box-client-secret: " MIXED, MIXED);
	check(&box, "mailbox_key=" MIXED, NULL);
	check(&box, "MAILBOX_KEY=" MIXED, NULL);
	check(&box, "boxes_key=" MIXED, NULL);
	check(&box, "box: {key: \"" MIXED "\"}", NULL);
	check(&segment, "segment_write_key=" MIXED, MIXED);
	check(&segment, "segmentWrite: \"" MIXED "\"", MIXED);
	check(&segment, "segment_key=" MIXED, NULL);
	check(&segment, "segments_write_key=" MIXED, NULL);
}

static void test_assigned__asks_for_a_mix(void **state)
{
	(void)state;
	check(&box, "box_key=aBcdEfghIjklMnopQrst", NULL);
	check(&box, "box_key=ab3de6gh9jk2mn5pq8st", NULL);
	check(&box, "box_key=AB3DE6GH9JK2MN5PQ8ST", NULL);
}

static void test_assigned__ends_base64_where_it_ends(void **state)
{
	(void)state;
	check(&padded,
		"adafruit_key=aB3dE6gH9jK2mN5pQ8s=", "aB3dE6gH9jK2mN5pQ8s=");
	check(&padded, "adafruit_key=aB3dE6gH9jK2mN5pQ8s==", NULL);
}

static void test_assigned__derives_entropy(void **state)
{
	float entropy;

	(void)state;
	pcre2_code_free(compiled(&adafruit, &entropy));
	assert_true(entropy > 2.8F && entropy < 3.0F);
	pcre2_code_free(compiled(&box, &entropy));
	assert_true(entropy > 3.2F && entropy < 3.4F);
}

/* Stage one searches for the name, not for all that may follow it. */
static void test_assigned__has_the_name_for_an_anchor(void **state)
{
	static const struct {
		const struct ks_assigned *assigned;
		const char *anchor;
	} cases[] = {
		{ &segment, "[Ss][Ee][Gg][Mm][Ee][Nn][Tt][\\x2d-\\x2eA-Z_]" },
		{ &box, "[Bb][Oo][Xx][\\x2d-\\x2eA-Z_]" },
		{ &padded, "[Aa][Dd][Aa][Ff][Rr][Uu][Ii][Tt]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_buf text = { 0 };
		struct ks_err err = { 0 };
		struct ks_syntax syntax;
		struct ks_node *anchor;
		const char *pattern;
		float entropy;

		assert_int_equal(ks_assigned_expand(&pattern, &entropy, &arena,
					 cases[i].assigned, &err),
			KS_OK);
		assert_int_equal(
			ks_syntax_parse(&syntax, &arena, pattern, &err), KS_OK);
		assert_int_equal(
			ks_anchor_derive(&anchor, &arena, syntax.root, &err),
			KS_OK);
		assert_int_equal(ks_node_print(&text, anchor), KS_OK);
		assert_string_equal(ks_buf_str(&text), cases[i].anchor);
		ks_buf_release(&text);
		ks_arena_release(&arena);
	}
}

static void test_assigned__says_what_is_wrong(void **state)
{
	static const struct {
		struct ks_assigned assigned;
		const char *message;
	} cases[] = {
		{ { .name = "adafruit" }, "needs 'value'" },
		{ { .value = "x{9}" }, "needs 'name' or 'variable'" },
		{ { .variable = "a", .value = "x", .words = "b" },
			"'words' and 'strict' need 'name'" },
		{ { .name = "a)|(b", .value = "x{9}" }, "name: at byte" },
		{ { .name = "adafruit", .value = "(" }, "value: at byte" },
		{ { .name = "adafruit", .value = "x*" },
			"value: can match the empty string" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_err err = { 0 };
		const char *pattern;
		float entropy;

		assert_int_equal(ks_assigned_expand(&pattern, &entropy, &arena,
					 &cases[i].assigned, &err),
			KS_E_RULE);
		if (!strstr(err.message, cases[i].message))
			fail_msg("'%s' instead of '%s'", err.message,
				cases[i].message);
		ks_arena_release(&arena);
	}
}

static void test_assigned__sums_itself_up(void **state)
{
	struct ks_arena arena = { 0 };

	(void)state;
	assert_string_equal(ks_assigned_summary(&arena, &header),
		"x-apikey = [0-9a-f]{32}");
	ks_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assigned__knows_how_languages_assign),
		cmocka_unit_test(test_assigned__passes_over_what_is_no_key),
		cmocka_unit_test(
			test_assigned__takes_short_and_strict_names_as_words),
		cmocka_unit_test(test_assigned__asks_for_a_mix),
		cmocka_unit_test(test_assigned__ends_base64_where_it_ends),
		cmocka_unit_test(test_assigned__derives_entropy),
		cmocka_unit_test(test_assigned__has_the_name_for_an_anchor),
		cmocka_unit_test(test_assigned__says_what_is_wrong),
		cmocka_unit_test(test_assigned__sums_itself_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
