/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens whose checksum or structure holds, and their near misses. */
#include "draw.h"
#include "filter/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <zlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t crc_of(const char *text)
{
	return (uint32_t)crc32(0, (const Bytef *)text, (uInt)strlen(text));
}

/* ${value} in ${n} digits of base strlen(${digits}). */
static void put_number(char *out, uint32_t value, size_t n, const char *digits)
{
	uint32_t base = (uint32_t)strlen(digits);

	out[n] = '\0';
	while (n-- > 0) {
		out[n] = digits[value % base];
		value /= base;
	}
}

static bool is_ok(enum ks_checksum checksum, const char *text)
{
	return ks_checksum_ok(checksum, ks_span_str(text));
}

/* The checksum holds as it is and fails with any one character changed. */
static void assert_guards(
	enum ks_checksum checksum, const char *token, size_t prefix)
{
	char copy[512];
	size_t n = strlen(token);

	assert_true(n < sizeof(copy));
	assert_true(is_ok(checksum, token));
	for (size_t i = prefix; i < n; i++) {
		memcpy(copy, token, n + 1);
		copy[i] = copy[i] == 'a' ? 'b' : 'a';
		assert_false(is_ok(checksum, copy));
	}
	memcpy(copy, token, n + 1);
	copy[n - 1] = '\0';
	assert_false(is_ok(checksum, copy));
}

static void make_github(
	struct draw *draw, char *out, const char *prefix, size_t n)
{
	size_t at = strlen(prefix);

	memcpy(out, prefix, at + 1);
	draw_text(draw, out + at, n, BASE62);
	put_number(out + at + n, crc_of(out + at), 6, BASE62);
}

static void test_checksum__github_is_of_the_random_part(void **state)
{
	struct draw draw = { 1 };
	char token[128];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		make_github(&draw, token, "ghp_", 30);
		assert_guards(KS_CHECKSUM_GITHUB, token, 4);
		make_github(&draw, token, "ghr_", 70);
		assert_guards(KS_CHECKSUM_GITHUB, token, 4);
		make_github(&draw, token, "npm_", 30);
		assert_guards(KS_CHECKSUM_NPM, token, 4);
	}
}

/*
 * Tokens that were published as examples: their makers' own arithmetic, not
 * ours. They are cut so that they are not found here.
 */
static void test_checksum__agrees_with_published_tokens(void **state)
{
	(void)state;
	assert_true(is_ok(KS_CHECKSUM_GITHUB, "ghp_"
					      "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"
					      "0mLq17"));
	assert_true(is_ok(KS_CHECKSUM_NPM, "npm_"
					   "qkJaB6MffYVzZXWqmcoF49yrUxP3wf"
					   "0LsakP"));
	assert_true(
		is_ok(KS_CHECKSUM_GRAFANA, "glsa_"
					   "iNValIdinValiDinvalidinvalidinva"
					   "_5b582697"));
}

static void test_checksum__github_needs_its_parts(void **state)
{
	(void)state;
	assert_false(is_ok(KS_CHECKSUM_GITHUB, "ghp_"));
	assert_false(is_ok(KS_CHECKSUM_GITHUB, "ghp_000000"));
	assert_false(is_ok(KS_CHECKSUM_GITHUB, "000000"));
	assert_false(is_ok(KS_CHECKSUM_GITHUB, ""));
}

/*
 * ${n} characters, ".", the version unless it is "", the length that is
 * ${claimed}, the CRC32 of all that.
 */
static void make_gitlab(struct draw *draw, char *out, size_t n, size_t claimed,
	const char *version)
{
	static const char digits[] = DIGITS LOWER;
	size_t at = strlen("glpat-");

	memcpy(out, "glpat-", at);
	draw_text(draw, out + at, n, BASE64URL);
	at += n;
	at += (size_t)sprintf(out + at, ".%s", version);
	put_number(out + at, (uint32_t)claimed, 2, digits);
	put_number(out + at + 2, crc_of(out), 7, digits);
}

static void test_checksum__gitlab_covers_all_that_is_before(void **state)
{
	struct draw draw = { 2 };
	char token[512];

	(void)state;
	for (size_t n = 27; n <= 300; n += 39) {
		make_gitlab(&draw, token, n, n, "01.");
		assert_guards(KS_CHECKSUM_GITLAB_ROUTABLE, token, 0);
		make_gitlab(&draw, token, n, n, "");
		assert_guards(KS_CHECKSUM_GITLAB_ROUTABLE, token, 0);
	}
	/* The CRC32 is right, the length cannot be. */
	make_gitlab(&draw, token, 40, 46, "01.");
	assert_false(is_ok(KS_CHECKSUM_GITLAB_ROUTABLE, token));
	assert_false(is_ok(KS_CHECKSUM_GITLAB_ROUTABLE, "glpat-"));
	assert_false(is_ok(KS_CHECKSUM_GITLAB_ROUTABLE, ".0r0000000"));
	assert_false(is_ok(KS_CHECKSUM_GITLAB_ROUTABLE, "."));
	draw_text(&draw, token, 26, BASE64URL);
	assert_false(is_ok(KS_CHECKSUM_GITLAB_ROUTABLE, token));
}

static void test_checksum__grafana_is_little_endian_hex(void **state)
{
	struct draw draw = { 3 };
	char token[64];

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		uint32_t crc;

		memcpy(token, "glsa_", 5);
		draw_text(&draw, token + 5, 32, BASE62);
		crc = __builtin_bswap32(crc_of(token));
		token[37] = '_';
		put_number(token + 38, crc, 8, HEX);
		assert_guards(KS_CHECKSUM_GRAFANA, token, 0);
	}
	assert_false(is_ok(KS_CHECKSUM_GRAFANA, "glsa_"));
	assert_false(is_ok(KS_CHECKSUM_GRAFANA, "_00000000"));
}

/* header.payload.signature of the two texts. */
static void make_jwt(struct ks_buf *out, const char *header,
	const char *payload, const char *signature)
{
	ks_buf_reset(out);
	draw_base64(out, ks_span_str(header), BASE64URL, false);
	assert_int_equal(ks_buf_add_str(out, "."), KS_OK);
	draw_base64(out, ks_span_str(payload), BASE64URL, false);
	assert_int_equal(ks_buf_add_str(out, signature), KS_OK);
}

static void test_checksum__jwt_has_two_objects(void **state)
{
	static const struct {
		const char *header;
		const char *payload;
		const char *signature;
		bool is_ok;
	} cases[] = {
		{ "{\"alg\":\"HS256\"}", "{\"sub\":\"1\"}", ".c2ln", true },
		{ "{\"alg\":\"none\"}", "{}", ".", true },
		{ "{\"typ\":\"JWT\",\"alg\":\"ES256\"}", "{\"a\":[1]}", "",
			true },
		{ "{\"typ\":\"JWT\"}", "{\"sub\":\"1\"}", ".c2ln", false },
		{ "{\"alg\":7}", "{\"sub\":\"1\"}", ".c2ln", false },
		{ "[\"alg\"]", "{\"sub\":\"1\"}", ".c2ln", false },
		{ "{\"alg\":\"HS256\"}", "[1]", ".c2ln", false },
		{ "{\"alg\":\"HS256\"}", "{\"sub\":", ".c2ln", false },
		{ "{\"alg\":\"HS256\"}", "", ".c2ln", false },
		{ "", "{\"sub\":\"1\"}", ".c2ln", false },
	};
	struct ks_buf token = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		make_jwt(&token, cases[i].header, cases[i].payload,
			cases[i].signature);
		assert_int_equal(
			ks_checksum_ok(KS_CHECKSUM_JWT, ks_buf_span(&token)),
			cases[i].is_ok);
	}
	ks_buf_release(&token);
	assert_false(is_ok(KS_CHECKSUM_JWT, "eyJhbGciOi"));
	assert_false(is_ok(KS_CHECKSUM_JWT, ".."));
	assert_false(is_ok(KS_CHECKSUM_JWT, ""));
}

/* A parser that recurses must have an end. */
static void test_checksum__jwt_survives_depth(void **state)
{
	static char deep[200001];
	struct ks_buf token = { 0 };

	(void)state;
	memset(deep, '[', sizeof(deep) - 1);
	make_jwt(&token, "{\"alg\":\"HS256\"}", deep, ".c2ln");
	assert_false(ks_checksum_ok(KS_CHECKSUM_JWT, ks_buf_span(&token)));
	ks_buf_release(&token);
}

static void assert_pypi(
	const char *header, size_t header_n, size_t n, bool want)
{
	struct draw draw = { n };
	struct ks_buf token = { 0 };
	uint8_t bytes[256];

	memcpy(bytes, header, header_n);
	for (size_t i = header_n; i < n; i++)
		bytes[i] = (uint8_t)draw_below(&draw, 256);
	assert_int_equal(ks_buf_add_str(&token, "pypi-"), KS_OK);
	draw_base64(&token, ks_span_of(bytes, n), BASE64URL, false);
	assert_int_equal(
		ks_checksum_ok(KS_CHECKSUM_PYPI, ks_buf_span(&token)), want);
	ks_buf_release(&token);
}

static void test_checksum__pypi_is_a_macaroon_of_pypi(void **state)
{
	(void)state;
	assert_pypi("\x02\x01\x08pypi.org", 11, 150, true);
	assert_pypi("\x02\x01\x0dtest.pypi.org", 16, 150, true);
	assert_pypi("\x02\x01\x08pypi.com", 11, 150, false);
	assert_pypi("\x01\x01\x08pypi.org", 11, 150, false);
	assert_pypi("\x02\x01\x08pypi.org", 11, 30, false);
	assert_false(is_ok(KS_CHECKSUM_PYPI, "pypi-"));
	assert_false(is_ok(KS_CHECKSUM_PYPI, "AgEIcHlwaS5vcmc"));
}

static void test_checksum__base64_json_is_an_object(void **state)
{
	static const struct {
		const char *json;
		bool is_ok;
	} cases[] = {
		{ "{\"k\":\"value\"}", true },
		{ " {\"auths\":{}}\n", true },
		{ "[1,2]", false },
		{ "\"text\"", false },
		{ "{\"k\":", false },
		{ "{\"k\":1} x", false },
	};
	struct ks_buf token = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		ks_buf_reset(&token);
		draw_base64(&token, ks_span_str(cases[i].json), BASE64, true);
		assert_int_equal(ks_checksum_ok(KS_CHECKSUM_BASE64_JSON,
					 ks_buf_span(&token)),
			cases[i].is_ok);
	}
	ks_buf_release(&token);
	assert_false(is_ok(KS_CHECKSUM_BASE64_JSON, "{\"k\":1}"));
}

static void test_checksum__none_takes_all(void **state)
{
	(void)state;
	assert_true(is_ok(KS_CHECKSUM_NONE, ""));
	assert_true(is_ok(KS_CHECKSUM_NONE, "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksum__github_is_of_the_random_part),
		cmocka_unit_test(test_checksum__agrees_with_published_tokens),
		cmocka_unit_test(test_checksum__github_needs_its_parts),
		cmocka_unit_test(
			test_checksum__gitlab_covers_all_that_is_before),
		cmocka_unit_test(test_checksum__grafana_is_little_endian_hex),
		cmocka_unit_test(test_checksum__jwt_has_two_objects),
		cmocka_unit_test(test_checksum__jwt_survives_depth),
		cmocka_unit_test(test_checksum__pypi_is_a_macaroon_of_pypi),
		cmocka_unit_test(test_checksum__base64_json_is_an_object),
		cmocka_unit_test(test_checksum__none_takes_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
