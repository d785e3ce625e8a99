/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "mirror/listing.h"

#define ID "0123456789012345678901234567890123456789"
#define LONG_ID ID "012345678901234567890123"

static int parse(struct ks_listing *out, const char *text)
{
	return ks_listing_parse(out, ks_span_str(text), NULL);
}

static void test_listing__knows_the_branch_of_head(void **state)
{
	struct ks_listing listing;
	struct ks_listing other;

	(void)state;
	assert_int_equal(parse(&listing, "ref: refs/heads/dev\tHEAD\n" ID
					 "\tHEAD\n" ID "\trefs/heads/dev\n"),
		KS_OK);
	assert_span_text(listing.head, "refs/heads/dev");
	assert_false(listing.is_sha256);
	assert_false(listing.is_empty);
	assert_int_equal(parse(&other, LONG_ID "\trefs/heads/dev\n"), KS_OK);
	assert_true(other.is_sha256);
	assert_int_equal(other.head.n, 0);
	assert_string_not_equal(listing.digest, other.digest);
	assert_int_equal(parse(&other, ""), KS_OK);
	assert_true(other.is_empty);
}

static void test_listing__refuses_what_is_none(void **state)
{
	struct ks_listing listing;

	(void)state;
	assert_int_equal(parse(&listing, "hello\n"), KS_E_CORRUPT);
	assert_int_equal(parse(&listing, "ref:\tx\n"), KS_E_CORRUPT);
	assert_int_equal(parse(&listing, "ref: \tHEAD\n"), KS_OK);
	assert_int_equal(listing.head.n, 0);
	assert_int_equal(parse(&listing, ID "ff\tHEAD\n"), KS_E_CORRUPT);
	/* What is written to HEAD must be the name of a branch. */
	assert_int_equal(
		parse(&listing, "ref: refs/heads/../../x\tHEAD\n"), KS_OK);
	assert_int_equal(listing.head.n, 0);
	assert_int_equal(parse(&listing, "ref: refs/tags/x\tHEAD\n"), KS_OK);
	assert_int_equal(listing.head.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listing__knows_the_branch_of_head),
		cmocka_unit_test(test_listing__refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
