/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries that are loaded when they are needed. */
#include "lib/check.h"

#include "base/library.h"

static double (*cosine)(double);

static const struct ks_symbol there[] = { { "cos", &cosine } };
static const struct ks_symbol nowhere[] = { { "keysieve_none", &cosine } };

static void test_library__takes_the_other_one(void **state)
{
	struct ks_library library = { .name = "libkeysieve-none.so.1",
		.other = "libm.so.6",
		.list = there,
		.count = 1,
		.lock = PTHREAD_MUTEX_INITIALIZER };

	(void)state;
	assert_int_equal(ks_library_need(&library, NULL), KS_OK);
	assert_true(cosine(0.0) > 0.99);
	cosine = NULL;
	assert_int_equal(ks_library_need(&library, NULL), KS_OK);
	assert_null(cosine);
}

static void test_library__names_what_is_missing(void **state)
{
	struct ks_library none = { .name = "libkeysieve-none.so.1",
		.list = there,
		.count = 1,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	struct ks_library old = { .name = "libm.so.6",
		.list = nowhere,
		.count = 1,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	struct ks_err err;

	(void)state;
	for (int i = 0; i < 2; i++) {
		err = (struct ks_err){ 0 };
		assert_int_equal(
			ks_library_need(&none, &err), KS_E_UNSUPPORTED);
		assert_string_equal(err.message,
			"'libkeysieve-none.so.1' cannot be loaded: "
			"it has to be installed");
	}
	assert_int_equal(ks_library_need(&old, &err), KS_E_UNSUPPORTED);
	assert_string_equal(err.message,
		"'keysieve_none' cannot be loaded: it has to be installed");
}

static const char *give_up(void)
{
	return "its thing";
}

static void test_library__names_what_does_not_start(void **state)
{
	struct ks_library library = { .name = "libm.so.6",
		.list = there,
		.count = 1,
		.start = give_up,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	struct ks_err err;

	(void)state;
	assert_int_equal(ks_library_need(&library, &err), KS_E_UNSUPPORTED);
	assert_string_equal(err.message,
		"'its thing' cannot be loaded: it has to be installed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_library__takes_the_other_one),
		cmocka_unit_test(test_library__names_what_is_missing),
		cmocka_unit_test(test_library__names_what_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
