/* SPDX-License-Identifier: Apache-2.0 */
/* What is packed into tokens is read, and nothing out of hostile ones. */
#include "filter/embedded.h"

#include "draw.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct ks_detail details[KS_DETAILS_MAX];

static size_t tell(enum ks_decode decode, struct ks_span token)
{
	struct ks_rule rule = { .id = "test", .decode = decode };

	memset(details, 0x5a, sizeof(details));
	return ks_inspect(details, &rule, token);
}

static void assert_detail(size_t i, const char *name, const char *value)
{
	assert_string_equal(details[i].name, name);
	assert_string_equal(details[i].value, value);
}

/* ${prefix}, the base64url of ${n} ${bytes}, ${suffix}. */
static struct ks_span make(struct ks_buf *out, const char *prefix,
	const void *bytes, size_t n, const char *suffix)
{
	out->n = 0;
	assert_int_equal(ks_buf_add_str(out, prefix), KS_OK);
	draw_base64(out, ks_span_of(bytes, n), BASE64URL, false);
	assert_int_equal(ks_buf_add_str(out, suffix), KS_OK);
	return ks_buf_span(out);
}

static struct ks_span make_text(struct ks_buf *out, const char *prefix,
	const char *text, const char *suffix)
{
	return make(out, prefix, text, strlen(text), suffix);
}

/* The id is the one of Discord's own documentation on snowflakes. */
static void test_embedded__tells_the_bot_of_discord(void **state)
{
	static const char *const others[] = { "1759288472",
		"175928847256265672a", "99999999999999999999",
		"175928847256265672175" };
	struct ks_buf token = { 0 };
	struct ks_span text =
		make_text(&token, "", "175928847299117063", ".abcdef.ghijkl");

	(void)state;
	assert_true(ks_checksum_ok(KS_CHECKSUM_DISCORD, text));
	assert_int_equal(tell(KS_DECODE_DISCORD, text), 2);
	assert_detail(0, "bot", "175928847299117063");
	assert_detail(1, "created", "2016-04-30T11:18:25Z");
	for (size_t i = 0; i < COUNT(others); i++) {
		text = make_text(&token, "", others[i], ".abcdef.ghijkl");
		assert_false(ks_checksum_ok(KS_CHECKSUM_DISCORD, text));
		assert_int_equal(tell(KS_DECODE_DISCORD, text), 0);
	}
	text = make_text(&token, "", "175928847299117063", "");
	assert_false(ks_checksum_ok(KS_CHECKSUM_DISCORD, text));
	ks_buf_release(&token);
}

static void test_embedded__tells_the_routes_of_gitlab(void **state)
{
	static const char routes[] = "o:1\np:2s\nu:z9"
				     "\nx:1\nc:A"
				     "0123456789abcdef\x10";
	struct ks_buf token = { 0 };
	size_t n = strlen(routes);

	(void)state;
	for (int is_typed = 0; is_typed < 2; is_typed++) {
		assert_int_equal(
			tell(KS_DECODE_GITLAB,
				make(&token, is_typed ? "glrt-t1_" : "glpat-",
					routes, n, ".01.0r1234567")),
			3);
		assert_detail(0, "organization", "1");
		assert_detail(1, "project", "2s");
		assert_detail(2, "user", "z9");
	}
	/* More random bytes than there are bytes. */
	assert_int_equal(tell(KS_DECODE_GITLAB,
				 make(&token, "glpat-", "o:1\n\x10", 5, ".")),
		0);
	assert_int_equal(tell(KS_DECODE_GITLAB, ks_span_str("glpat-")), 0);
	assert_int_equal(tell(KS_DECODE_GITLAB, ks_span_str("glpat")), 0);
	ks_buf_release(&token);
}

static void test_embedded__tells_whose_slack_it_is(void **state)
{
	(void)state;
	assert_int_equal(
		tell(KS_DECODE_SLACK, ks_span_str("T0AB12/B0/abc")), 1);
	assert_detail(0, "workspace", "T0AB12");
	assert_int_equal(
		tell(KS_DECODE_SLACK, ks_span_str("xapp-1-A0XY-12-ab")), 1);
	assert_detail(0, "app", "A0XY");
	assert_int_equal(tell(KS_DECODE_SLACK, ks_span_str("xapp-1-")), 0);
	assert_int_equal(tell(KS_DECODE_SLACK, ks_span_str("T0AB12")), 0);
}

static void test_embedded__tells_the_account_of_bedrock(void **state)
{
	struct ks_buf token = { 0 };

	(void)state;
	assert_int_equal(
		tell(KS_DECODE_BEDROCK,
			make_text(&token, "ABSK",
				"BedrockAPIKey-x1-at-123456789012:abc", "")),
		1);
	assert_detail(0, "account", "123456789012");
	assert_int_equal(
		tell(KS_DECODE_BEDROCK,
			make_text(&token, "ABSK",
				"BedrockAPIKey-x1-at-12345678901x:abc", "")),
		0);
	assert_int_equal(tell(KS_DECODE_BEDROCK,
				 make_text(&token, "ABSK", "at-1:a", "")),
		0);
	assert_int_equal(tell(KS_DECODE_BEDROCK, ks_span_str("ABSK")), 0);
	ks_buf_release(&token);
}

/* Never the password. */
static void test_embedded__tells_the_user_only(void **state)
{
	struct ks_buf token = { 0 };

	(void)state;
	assert_int_equal(
		tell(KS_DECODE_USER, make_text(&token, "", "bob:my:pw", "")),
		1);
	assert_detail(0, "user", "bob");
	assert_int_equal(
		tell(KS_DECODE_USER, make_text(&token, "", ":pw", "")), 0);
	assert_int_equal(
		tell(KS_DECODE_USER, make_text(&token, "", "bob", "")), 0);
	ks_buf_release(&token);
}

static void test_embedded__reads_what_paseto_says(void **state)
{
	static const size_t signature[] = { 256, 64, 96, 64 };
	static const char claims[] = "{\"iss\":\"i\",\"exp\":\"2030-01-01\"}";
	char prefix[] = "v1.public.";
	char bytes[400];
	struct ks_buf token = { 0 };

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, claims, strlen(claims));
	for (size_t i = 0; i < COUNT(signature); i++) {
		size_t n = strlen(claims) + signature[i];

		prefix[1] = (char)('1' + i);
		assert_true(ks_checksum_ok(KS_CHECKSUM_PASETO,
			make(&token, prefix, bytes, n, ".Zm9v")));
		assert_int_equal(
			tell(KS_DECODE_PASETO, ks_buf_span(&token)), 2);
		assert_detail(0, "issuer", "i");
		assert_detail(1, "expires", "2030-01-01");
		assert_false(ks_checksum_ok(KS_CHECKSUM_PASETO,
			make(&token, prefix, bytes, n - 1, "")));
	}
	prefix[1] = '5';
	assert_false(ks_checksum_ok(
		KS_CHECKSUM_PASETO, make(&token, prefix, bytes, 300, "")));
	ks_buf_release(&token);
}

static void test_embedded__reads_no_local_paseto(void **state)
{
	static const size_t least[] = { 80, 40, 80, 64 };
	char prefix[] = "v1.local.";
	char bytes[100];
	struct ks_buf token = { 0 };

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < COUNT(least); i++) {
		prefix[1] = (char)('1' + i);
		assert_true(ks_checksum_ok(KS_CHECKSUM_PASETO,
			make(&token, prefix, bytes, least[i] + 1, "")));
		assert_int_equal(
			tell(KS_DECODE_PASETO, ks_buf_span(&token)), 0);
		assert_false(ks_checksum_ok(KS_CHECKSUM_PASETO,
			make(&token, prefix, bytes, least[i], "")));
	}
	assert_false(
		ks_checksum_ok(KS_CHECKSUM_PASETO, ks_span_str("v1.local.")));
	assert_false(
		ks_checksum_ok(KS_CHECKSUM_PASETO, ks_span_str("v1.x.abcd")));
	ks_buf_release(&token);
}

static void test_embedded__finds_json_behind_prefixes(void **state)
{
	static const char json[] =
		"{\"iat\":1790000000.5,\"url\":\"https://s\","
		"\"org\":\"acme\",\"k\":\"hush\"}";
	static const struct {
		const char *prefix;
		const char *suffix;
	} tokens[] = { { "", "" }, { "glc_", "" }, { "ops_", "" },
		{ "sntrys_", "_abc-def" } };
	struct ks_buf token = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		assert_true(ks_checksum_ok(KS_CHECKSUM_BASE64_JSON,
			make_text(&token, tokens[i].prefix, json,
				tokens[i].suffix)));
		assert_int_equal(tell(KS_DECODE_JSON, ks_buf_span(&token)), 3);
		assert_detail(0, "organization", "acme");
		assert_detail(1, "host", "https://s");
		assert_detail(2, "issued", "2026-09-21T14:13:20Z");
	}
	assert_false(ks_checksum_ok(
		KS_CHECKSUM_BASE64_JSON, ks_span_str("sntrys_")));
	assert_false(ks_checksum_ok(
		KS_CHECKSUM_BASE64_JSON, ks_span_str("glc_eyJ")));
	ks_buf_release(&token);
}

/* The sanitizers watch. */
static void test_embedded__survives_any_bytes(void **state)
{
	static const char *const prefixes[] = { "", "glpat-", "glrt-t1_",
		"v2.public.", "v4.local.", "ABSK", "xapp-1-", "sntrys_" };
	struct draw draw = { 7 };
	struct ks_buf token = { 0 };

	(void)state;
	for (size_t round = 0; round < 4000; round++) {
		uint8_t bytes[600];
		size_t n = draw_below(&draw, sizeof(bytes));
		struct ks_span text;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)draw_below(&draw, 256);
		text = make(&token, prefixes[round % COUNT(prefixes)], bytes, n,
			round % 3 ? ".x" : "");
		for (int decode = 0; decode < KS_DECODE_COUNT; decode++)
			assert_true(tell((enum ks_decode)decode, text) <=
				    KS_DETAILS_MAX);
		(void)ks_checksum_ok(KS_CHECKSUM_PASETO, text);
		(void)ks_checksum_ok(KS_CHECKSUM_DISCORD, text);
	}
	ks_buf_release(&token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_embedded__tells_the_bot_of_discord),
		cmocka_unit_test(test_embedded__tells_the_routes_of_gitlab),
		cmocka_unit_test(test_embedded__tells_whose_slack_it_is),
		cmocka_unit_test(test_embedded__tells_the_account_of_bedrock),
		cmocka_unit_test(test_embedded__tells_the_user_only),
		cmocka_unit_test(test_embedded__reads_what_paseto_says),
		cmocka_unit_test(test_embedded__reads_no_local_paseto),
		cmocka_unit_test(test_embedded__finds_json_behind_prefixes),
		cmocka_unit_test(test_embedded__survives_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
