/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char public[KS_SEAL_KEY];
static char private[KS_SEAL_KEY];

static int make(void **unused)
{
	(void)unused;
	return ks_seal_make_keys(public, private, NULL);
}

static void test_seal__opens_what_it_put(void **unused)
{
	const char *const secrets[] = { "", "x", "hunter 2\n\xff" };
	struct ks_buf sealed = { 0 };
	struct ks_buf out = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		assert_int_equal(ks_seal_put(&sealed, public,
					 ks_span_str(secrets[i]), NULL),
			KS_OK);
		assert_int_equal(ks_seal_open(&out, private,
					 (const char *)sealed.p, NULL),
			KS_OK);
		assert_string_equal((const char *)out.p, secrets[i]);
	}
	ks_buf_release(&sealed);
	ks_buf_release(&out);
}

static void test_seal__tells_nothing_twice_alike(void **unused)
{
	struct ks_buf first = { 0 };
	struct ks_buf second = { 0 };

	(void)unused;
	assert_int_equal(
		ks_seal_put(&first, public, ks_span_str("a"), NULL), KS_OK);
	assert_int_equal(
		ks_seal_put(&second, public, ks_span_str("a"), NULL), KS_OK);
	assert_string_not_equal((const char *)first.p, (const char *)second.p);
	ks_buf_release(&first);
	ks_buf_release(&second);
}

static void test_seal__needs_the_private_key(void **unused)
{
	struct ks_buf sealed = { 0 };
	struct ks_buf out = { 0 };
	struct ks_err err = { 0 };

	(void)unused;
	assert_int_equal(
		ks_seal_put(&sealed, public, ks_span_str("a"), NULL), KS_OK);
	assert_int_equal(
		ks_seal_open(&out, public, (const char *)sealed.p, &err),
		KS_E_USAGE);
	assert_non_null(strstr(err.message, "private key"));
	ks_buf_release(&sealed);
	ks_buf_release(&out);
}

static void test_seal__takes_nothing_that_was_changed(void **unused)
{
	struct ks_buf sealed = { 0 };
	struct ks_buf out = { 0 };

	(void)unused;
	assert_int_equal(
		ks_seal_put(&sealed, public, ks_span_str("abc"), NULL), KS_OK);
	for (size_t i = 0; i < sealed.n; i += 7) {
		uint8_t was = sealed.p[i];

		sealed.p[i] = was == '0' ? '1' : '0';
		assert_int_equal(ks_seal_open(&out, private,
					 (const char *)sealed.p, NULL),
			KS_E_USAGE);
		sealed.p[i] = was;
	}
	sealed.p[sealed.n - 2] = '\0';
	assert_int_equal(
		ks_seal_open(&out, private, (const char *)sealed.p, NULL),
		KS_E_USAGE);
	assert_int_equal(ks_seal_open(&out, private, "", NULL), KS_E_USAGE);
	assert_int_equal(ks_seal_open(&out, private, "zz", NULL), KS_E_USAGE);
	ks_buf_release(&sealed);
	ks_buf_release(&out);
}

static void test_seal__leaves_out_what_is_too_long(void **unused)
{
	struct ks_buf sealed = { 0 };
	uint8_t *long_one = calloc(KS_SEAL_MAX + 1, 1);

	(void)unused;
	assert_non_null(long_one);
	assert_int_equal(
		ks_seal_put(&sealed, public,
			ks_span_of(long_one, (size_t)KS_SEAL_MAX + 1), NULL),
		KS_OK);
	assert_string_equal((const char *)sealed.p, "");
	free(long_one);
	ks_buf_release(&sealed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seal__opens_what_it_put),
		cmocka_unit_test(test_seal__tells_nothing_twice_alike),
		cmocka_unit_test(test_seal__needs_the_private_key),
		cmocka_unit_test(test_seal__takes_nothing_that_was_changed),
		cmocka_unit_test(test_seal__leaves_out_what_is_too_long),
	};

	return cmocka_run_group_tests_name("store/seal", tests, make, NULL);
}
