/* SPDX-License-Identifier: Apache-2.0 */
/* What tokens tell of themselves, and that hostile ones tell nothing bad. */
#include "draw.h"
#include "filter/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct ks_detail details[KS_DETAILS_MAX];

static size_t inspect(enum ks_decode decode, struct ks_span secret)
{
	struct ks_rule rule = { .id = "test", .decode = decode };

	memset(details, 0x5a, sizeof(details));
	return ks_inspect(details, &rule, secret);
}

static void assert_detail(size_t i, const char *name, const char *value)
{
	assert_string_equal(details[i].name, name);
	assert_string_equal(details[i].value, value);
}

/* header.payload.x */
static size_t inspect_jwt(const char *header, const char *payload)
{
	struct ks_buf token = { 0 };
	size_t count;

	draw_base64(&token, ks_span_str(header), BASE64URL, false);
	assert_int_equal(ks_buf_add_str(&token, "."), KS_OK);
	draw_base64(&token, ks_span_str(payload), BASE64URL, false);
	assert_int_equal(ks_buf_add_str(&token, ".sIgNaTuRe"), KS_OK);
	count = inspect(KS_DECODE_JWT, ks_buf_span(&token));
	ks_buf_release(&token);
	return count;
}

/* A key and its account that were published together; cut in two here. */
static void test_inspect__tells_the_published_account(void **state)
{
	char key[21];

	(void)state;
	snprintf(key, sizeof(key), "%s%s", "ASIA", "Y34FZKBOKMUTVV7A");
	assert_int_equal(inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 1);
	assert_detail(0, "account", "609629065308");
}

/* The flag, 40 bits of the account, then anything, in base 32. */
static void make_aws(struct draw *draw, char out[21], const char *prefix,
	bool flag, uint64_t account)
{
	static const char digits[] = BASE32;
	uint64_t bits =
		(uint64_t)flag << 44 | account << 4 | draw_below(draw, 16);

	memcpy(out, prefix, 4);
	for (size_t i = 0; i < 9; i++)
		out[4 + i] = digits[bits >> (40 - 5 * i) & 31];
	draw_text(draw, out + 13, 7, BASE32);
}

static void test_inspect__tells_any_account(void **state)
{
	struct draw draw = { 1 };
	char key[21];
	char want[32];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		uint64_t account =
			((uint64_t)draw_below(&draw, 1000000)) * 1000000 +
			draw_below(&draw, 1000000);

		make_aws(&draw, key, i % 2 ? "AKIA" : "ASIA", true, account);
		snprintf(want, sizeof(want), "%012llu",
			(unsigned long long)account);
		assert_int_equal(
			inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 1);
		assert_detail(0, "account", want);
	}
}

static void test_inspect__tells_no_account_of_others(void **state)
{
	struct draw draw = { 2 };
	char key[21];

	(void)state;
	make_aws(&draw, key, "AKIA", false, 123456789012);
	assert_int_equal(inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 0);
	make_aws(&draw, key, "AKIA", true, 1000000000000);
	assert_int_equal(inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 0);
	make_aws(&draw, key, "ABIA", true, 123456789012);
	assert_int_equal(inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 0);
	make_aws(&draw, key, "AKIA", true, 123456789012);
	assert_int_equal(
		inspect(KS_DECODE_AWS_ACCOUNT, ks_span_of(key, 19)), 0);
	key[19] = '1';
	assert_int_equal(inspect(KS_DECODE_AWS_ACCOUNT, ks_span_str(key)), 0);
}

static void test_inspect__tells_the_claims_of_a_jwt(void **state)
{
	(void)state;
	assert_int_equal(
		inspect_jwt("{\"alg\":\"RS256\"}",
			"{\"iss\":\"https://issuer.example\",\"sub\":\"me\","
			"\"aud\":[\"first\",\"second\"],\"exp\":1790000000,"
			"\"scope\":\"read write\"}"),
		5);
	assert_detail(0, "issuer", "https://issuer.example");
	assert_detail(1, "subject", "me");
	assert_detail(2, "audience", "first");
	assert_detail(3, "expires", "2026-09-21T14:13:20Z");
	assert_detail(4, "scope", "read write");
	assert_int_equal(inspect_jwt("{\"alg\":\"nOnE\"}", "{\"exp\":0.9}"), 2);
	assert_detail(0, "expires", "1970-01-01T00:00:00Z");
	assert_detail(1, "algorithm", "none");
}

static void test_inspect__passes_over_wrong_claims(void **state)
{
	static const char *const payloads[] = {
		"{}",
		"[]",
		"",
		"{\"iss\":1,\"sub\":{},\"aud\":[],\"exp\":\"soon\"}",
		"{\"exp\":-1}",
		"{\"exp\":1e300}",
		"{\"exp\":253402300800}",
		"{\"aud\":[[\"x\"]],\"iss\":\"\"}",
		"{\"iss\":\"x\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(payloads); i++)
		assert_int_equal(
			inspect_jwt("{\"alg\":\"HS256\"}", payloads[i]), 0);
	assert_int_equal(inspect(KS_DECODE_JWT, ks_span_str("eyJ")), 0);
	assert_int_equal(inspect(KS_DECODE_JWT, ks_span_str(".")), 0);
	assert_int_equal(inspect(KS_DECODE_JWT, ks_span_str("")), 0);
}

static void test_inspect__makes_values_printable(void **state)
{
	char payload[1200] = "{\"sub\":\"";
	size_t n = strlen(payload);

	(void)state;
	assert_int_equal(
		inspect_jwt("{\"alg\":\"HS256\"}",
			"{\"iss\":\"a\\u001b[31m\\n\xc3\xa9\\u202e\"}"),
		1);
	assert_detail(0, "issuer", "a?[31m??????");
	memset(payload + n, 'x', 1000);
	memcpy(payload + n + 1000, "\"}", 3);
	assert_int_equal(inspect_jwt("{\"alg\":\"HS256\"}", payload), 1);
	assert_int_equal(strlen(details[0].value), KS_DETAIL_VALUE_MAX - 1);
	assert_string_equal(details[0].value + KS_DETAIL_VALUE_MAX - 5, "x...");
}

static void test_inspect__tells_of_a_service_account(void **state)
{
	static const char json[] =
		"{\"type\": \"service_account\", \"project_id\": \"p-1\",\n"
		"\"private_key\": \"keep me\",\n"
		"\"client_email\": \"a@p-1.iam.example\"}";
	struct ks_buf token = { 0 };

	(void)state;
	draw_base64(&token, ks_span_str(json), BASE64, true);
	for (int is_encoded = 0; is_encoded < 2; is_encoded++) {
		assert_int_equal(
			inspect(KS_DECODE_JSON, is_encoded ? ks_buf_span(&token)
							   : ks_span_str(json)),
			3);
		assert_detail(0, "type", "service_account");
		assert_detail(1, "account", "a@p-1.iam.example");
		assert_detail(2, "project", "p-1");
	}
	ks_buf_release(&token);
	assert_int_equal(inspect(KS_DECODE_JSON, ks_span_str("{\"a\"")), 0);
	assert_int_equal(inspect(KS_DECODE_JSON, ks_span_str("x")), 0);
	assert_int_equal(inspect(KS_DECODE_NONE, ks_span_str(json)), 0);
}

/* Random changes to a token; the sanitizers watch, values stay printable. */
static void test_inspect__survives_any_bytes(void **state)
{
	struct draw draw = { 5 };

	(void)state;
	for (size_t round = 0; round < 5000; round++) {
		char payload[] = "{\"iss\":\"https://i.example\",\"aud\":"
				 "[\"a\"],\"exp\":1790000000,\"type\":\"x\"}";
		size_t count;

		for (size_t i = 0; i < round % 4; i++)
			payload[draw_below(&draw, sizeof(payload) - 1)] =
				(char)(1 + draw_below(&draw, 255));
		count = round % 2
				? inspect(KS_DECODE_JSON, ks_span_str(payload))
				: inspect_jwt("{\"alg\":\"none\"}", payload);
		assert_true(count <= KS_DETAILS_MAX);
		for (size_t i = 0; i < count; i++) {
			const char *at = details[i].value;

			while (*at >= 0x20 && *at < 0x7f)
				at++;
			assert_int_equal(*at, '\0');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inspect__tells_the_published_account),
		cmocka_unit_test(test_inspect__tells_any_account),
		cmocka_unit_test(test_inspect__tells_no_account_of_others),
		cmocka_unit_test(test_inspect__tells_the_claims_of_a_jwt),
		cmocka_unit_test(test_inspect__passes_over_wrong_claims),
		cmocka_unit_test(test_inspect__makes_values_printable),
		cmocka_unit_test(test_inspect__tells_of_a_service_account),
		cmocka_unit_test(test_inspect__survives_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
