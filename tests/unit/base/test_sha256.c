/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and HMAC against the published vectors. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void to_hex(char out[65], const uint8_t digest[KS_SHA256_BYTES])
{
	for (size_t i = 0; i < KS_SHA256_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* FIPS 180-4's examples, as published with NIST's example values. */
static void test_sha256__gives_published_digests(void **state)
{
	static const struct {
		const char *text;
		const char *digest;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039"
			"a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_sha256 hash;
		uint8_t digest[KS_SHA256_BYTES];
		char hex[65];

		ks_sha256_init(&hash);
		ks_sha256_update(&hash, cases[i].text, strlen(cases[i].text));
		ks_sha256_final(&hash, digest);
		to_hex(hex, digest);
		assert_string_equal(hex, cases[i].digest);
	}
}

static void test_sha256__hashes_a_million_bytes(void **state)
{
	struct ks_sha256 hash;
	uint8_t digest[KS_SHA256_BYTES];
	char hex[65];

	(void)state;
	ks_sha256_init(&hash);
	for (size_t i = 0; i < 1000000; i++)
		ks_sha256_update(&hash, "a", 1);
	ks_sha256_final(&hash, digest);
	to_hex(hex, digest);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
				 "f1809a48a497200e046d39ccc7112cd0");
}

static void test_sha256__does_not_care_for_piece_sizes(void **state)
{
	uint8_t text[300];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n <= sizeof(text); n++) {
		struct ks_sha256 whole, pieces;
		uint8_t a[KS_SHA256_BYTES], b[KS_SHA256_BYTES];

		ks_sha256_init(&whole);
		ks_sha256_update(&whole, text, sizeof(text));
		ks_sha256_final(&whole, a);
		ks_sha256_init(&pieces);
		ks_sha256_update(&pieces, text, n);
		ks_sha256_update(&pieces, NULL, 0);
		ks_sha256_update(&pieces, text + n, sizeof(text) - n);
		ks_sha256_final(&pieces, b);
		assert_memory_equal(a, b, sizeof(a));
	}
}

/* RFC 4231, test cases 1, 2 and 6. */
static void test_sha256__gives_published_macs(void **state)
{
	uint8_t key[131];
	uint8_t mac[KS_SHA256_BYTES];
	char hex[65];

	(void)state;
	memset(key, 0x0b, 20);
	ks_hmac_sha256(ks_span_of(key, 20), ks_span_str("Hi There"), mac);
	to_hex(hex, mac);
	assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b"
				 "881dc200c9833da726e9376c2e32cff7");
	ks_hmac_sha256(ks_span_str("Jefe"),
		ks_span_str("what do ya want for nothing?"), mac);
	to_hex(hex, mac);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c7"
				 "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	ks_hmac_sha256(ks_span_of(key, sizeof(key)),
		ks_span_str("Test Using Larger Than Block-Size Key - "
			    "Hash Key First"),
		mac);
	to_hex(hex, mac);
	assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f"
				 "8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256__gives_published_digests),
		cmocka_unit_test(test_sha256__hashes_a_million_bytes),
		cmocka_unit_test(test_sha256__does_not_care_for_piece_sizes),
		cmocka_unit_test(test_sha256__gives_published_macs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
