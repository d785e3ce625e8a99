/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "blobs/delta.h"
#include "lib/packs.h"

#include <stdlib.h>

static const char base_text[] = "0123456789abcdefghij";

static struct ks_span base(void)
{
	return ks_span_str(base_text);
}

/* Apply ${code} and compare the result with ${expected}. */
static int apply(struct ks_delta *delta, struct ks_buf *code, char *out,
	size_t n, struct ks_err *err)
{
	return ks_delta_apply(
		delta, (uint8_t *)out, n, base(), ks_buf_span(code), err);
}

static void test_delta__copies_and_inserts(void **state)
{
	struct ks_delta delta = { 0 };
	struct ks_buf code = { 0 };
	char out[9];

	(void)state;
	test_delta_begin(&code, base().n, 9);
	test_delta_copy(&code, 10, 4);
	test_delta_insert(&code, ks_span_str("XY"));
	test_delta_copy(&code, 0, 3);
	assert_int_equal(apply(&delta, &code, out, 9, NULL), KS_OK);
	assert_memory_equal(out, "abcdXY012", 9);
	assert_int_equal(delta.count, 3);
	assert_int_equal(delta.pieces[0].base_start, 10);
	assert_true(delta.pieces[1].base_start == KS_DELTA_NEW);
	assert_int_equal(delta.pieces[1].start, 4);
	assert_int_equal(delta.pieces[2].n, 3);
	ks_buf_release(&code);
	ks_delta_release(&delta);
}

static void test_delta__makes_seams_first_and_the_rest_when_asked(void **state)
{
	struct ks_delta delta = { 0 };
	struct ks_delta_rest rest;
	struct ks_buf code = { 0 };
	char out[] = "..................";

	(void)state;
	test_delta_begin(&code, base().n, 18);
	test_delta_copy(&code, 3, 9);
	test_delta_insert(&code, ks_span_str("XY"));
	test_delta_copy(&code, 10, 4);
	test_delta_copy(&code, 0, 3);
	assert_int_equal(ks_delta_apply_seams(&rest, &delta, (uint8_t *)out, 18,
				 2, base(), ks_buf_span(&code), NULL),
		KS_OK);
	assert_string_equal(out, "34.....abXYabcd012");
	ks_delta_head(&rest, 5);
	assert_string_equal(out, "34567..abXYabcd012");
	ks_delta_head(NULL, 5);
	ks_delta_fill(&rest);
	assert_string_equal(out, "3456789abXYabcd012");
	assert_null(rest.result);
	ks_delta_head(&rest, 5);
	ks_delta_fill(&rest);
	ks_delta_fill(NULL);
	ks_buf_release(&code);
	ks_delta_release(&delta);
}

static void test_delta__joins_pieces_that_go_on(void **state)
{
	struct ks_delta delta = { 0 };
	struct ks_buf code = { 0 };
	char out[8];

	(void)state;
	test_delta_begin(&code, base().n, 8);
	test_delta_copy(&code, 2, 2);
	test_delta_copy(&code, 4, 2);
	test_delta_insert(&code, ks_span_str("A"));
	test_delta_insert(&code, ks_span_str("B"));
	test_delta_copy(&code, 4, 2);
	assert_int_equal(apply(&delta, &code, out, 8, NULL), KS_OK);
	assert_memory_equal(out, "2345AB45", 8);
	assert_int_equal(delta.count, 3);
	assert_int_equal(delta.pieces[0].n, 4);
	assert_int_equal(delta.pieces[1].n, 2);
	ks_buf_release(&code);
	ks_delta_release(&delta);
}

static void test_delta__makes_an_empty_result(void **state)
{
	struct ks_delta delta = { 0 };
	struct ks_buf code = { 0 };
	char out[1];

	(void)state;
	test_delta_begin(&code, base().n, 0);
	assert_int_equal(apply(&delta, &code, out, 0, NULL), KS_OK);
	assert_int_equal(delta.count, 0);
	ks_buf_release(&code);
	ks_delta_release(&delta);
}

static void expect_corrupt(struct ks_buf *code, size_t n, const char *message)
{
	struct ks_delta delta = { 0 };
	struct ks_err err = { 0 };
	char out[64];

	assert_int_equal(apply(&delta, code, out, n, &err), KS_E_CORRUPT);
	assert_non_null(strstr(err.message, message));
	ks_delta_release(&delta);
}

static void test_delta__rejects_what_it_must(void **state)
{
	struct ks_buf code = { 0 };

	(void)state;
	test_delta_begin(&code, base().n, 4);
	test_delta_copy(&code, 18, 4);
	expect_corrupt(&code, 4, "past the end of its base");

	test_delta_begin(&code, base().n + 1, 4);
	test_delta_copy(&code, 0, 4);
	expect_corrupt(&code, 4, "base of another size");

	test_delta_begin(&code, base().n, 3);
	test_delta_copy(&code, 0, 4);
	expect_corrupt(&code, 3, "more bytes than it says");

	test_delta_begin(&code, base().n, 9);
	test_delta_copy(&code, 0, 4);
	expect_corrupt(&code, 9, "fewer bytes than it says");

	test_delta_begin(&code, base().n, 4);
	assert_int_equal(ks_buf_add_byte(&code, 0), KS_OK);
	expect_corrupt(&code, 4, "reserved");

	test_delta_begin(&code, base().n, 4);
	assert_int_equal(ks_buf_add_byte(&code, 0x91), KS_OK);
	expect_corrupt(&code, 4, "cut off");

	test_delta_begin(&code, base().n, 4);
	assert_int_equal(ks_buf_add_byte(&code, 4), KS_OK);
	expect_corrupt(&code, 4, "cut off");

	ks_buf_reset(&code);
	expect_corrupt(&code, 4, "no head");
	ks_buf_release(&code);
}

static void test_delta__reads_a_copy_of_64_kib(void **state)
{
	struct ks_delta delta = { 0 };
	struct ks_buf code = { 0 };
	uint8_t *big = calloc(2, 0x10000);

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 0x10000);
	test_delta_begin(&code, 0x10000, 0x10000);
	test_delta_copy(&code, 0, 0x10000);
	assert_int_equal(
		ks_delta_apply(&delta, big + 0x10000, 0x10000,
			ks_span_of(big, 0x10000), ks_buf_span(&code), NULL),
		KS_OK);
	assert_memory_equal(big, big + 0x10000, 0x10000);
	free(big);
	ks_buf_release(&code);
	ks_delta_release(&delta);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delta__copies_and_inserts),
		cmocka_unit_test(
			test_delta__makes_seams_first_and_the_rest_when_asked),
		cmocka_unit_test(test_delta__joins_pieces_that_go_on),
		cmocka_unit_test(test_delta__makes_an_empty_result),
		cmocka_unit_test(test_delta__rejects_what_it_must),
		cmocka_unit_test(test_delta__reads_a_copy_of_64_kib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
