/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "scan/hold.h"

enum {
	BYTES = 1 << 19
};

/* Bytes that tell where they are. */
struct source {
	size_t at;
};

static uint8_t byte_at(size_t at)
{
	return (uint8_t)(at * 2654435761u >> 13);
}

static int read_source(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct source *source = payload;

	(void)err;
	for (*got = 0; *got < n && source->at < BYTES; (*got)++)
		to[*got] = byte_at(source->at++);
	return KS_OK;
}

static void check(size_t most, bool is_spooled)
{
	struct source source = { 0 };
	struct ks_stream stream = { read_source, &source };
	struct ks_hold hold = { .most = most };
	struct ks_span held;

	assert_int_equal(ks_hold_fill(&hold, &stream, NULL), KS_OK);
	held = ks_hold_span(&hold);
	assert_int_equal(held.n, BYTES);
	for (size_t i = 0; i < BYTES; i++)
		assert_int_equal(held.p[i], byte_at(i));
	assert_int_equal(hold.spool.p != NULL, is_spooled);
	ks_hold_release(&hold);
	assert_int_equal(ks_hold_span(&hold).n, 0);
}

static void test_hold__keeps_what_is_small_in_memory(void **state)
{
	(void)state;
	check(SIZE_MAX, false);
	check(BYTES, false);
}

static void test_hold__puts_the_rest_in_a_file(void **state)
{
	(void)state;
	check(BYTES - 1, true);
	check(100000, true);
	check(0, true);
}

static void test_hold__may_be_empty(void **state)
{
	struct ks_hold hold = { .most = 0 };

	(void)state;
	assert_int_equal(ks_hold_add(&hold, ks_span_of(NULL, 0), NULL), KS_OK);
	assert_int_equal(ks_hold_span(&hold).n, 0);
	ks_hold_release(&hold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hold__keeps_what_is_small_in_memory),
		cmocka_unit_test(test_hold__puts_the_rest_in_a_file),
		cmocka_unit_test(test_hold__may_be_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
