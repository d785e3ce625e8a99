/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "match/carry.h"

#define NEW KS_DELTA_NEW

/* A delta of the ${count} pieces ${list}; borrowed. */
static struct ks_delta delta_of(struct ks_delta_piece *list, size_t count)
{
	return (struct ks_delta){ .pieces = list, .count = count };
}

static void expect_ranges(struct ks_delta_piece *list, size_t count, size_t n,
	size_t width, const struct ks_range *expected, size_t expected_n)
{
	struct ks_delta delta = delta_of(list, count);
	struct ks_ranges ranges = { 0 };

	assert_int_equal(ks_ranges_of(&ranges, &delta, n, width), KS_OK);
	assert_int_equal(ranges.count, expected_n);
	for (size_t i = 0; i < expected_n; i++) {
		assert_int_equal(ranges.list[i].start, expected[i].start);
		assert_int_equal(ranges.list[i].end, expected[i].end);
	}
	ks_ranges_release(&ranges);
}

static void test_carry__scans_nothing_of_an_identity(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 100, 0 } };

	(void)state;
	expect_ranges(pieces, 1, 100, 10, NULL, 0);
	expect_ranges(NULL, 0, 0, 10, NULL, 0);
}

static void test_carry__widens_new_bytes_and_seams(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 100, 0 }, { 100, 5, NEW },
		{ 105, 95, 100 }, { 200, 100, 50 } };
	const struct ks_range expected[] = { { 91, 114 }, { 191, 209 } };

	(void)state;
	expect_ranges(pieces, 4, 300, 10, expected, 2);
}

static void test_carry__keeps_ranges_inside(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 3, NEW }, { 3, 4, 0 },
		{ 7, 2, 3 } };
	const struct ks_range expected[] = { { 0, 9 } };

	(void)state;
	expect_ranges(pieces, 3, 9, 100, expected, 1);
}

/* Before the bytes copied the base had others, which an anchor may need. */
static void test_carry__scans_the_head_copied_from_elsewhere(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 50, 7 } };
	const struct ks_range expected[] = { { 0, 9 } };

	(void)state;
	expect_ranges(pieces, 1, 50, 10, expected, 1);
}

static void test_carry__joins_ranges_that_touch(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 10, 0 }, { 10, 6, 20 },
		{ 16, 10, 0 } };
	const struct ks_range expected[] = { { 7, 19 } };

	(void)state;
	expect_ranges(pieces, 3, 26, 4, expected, 1);
}

static void test_carry__of_one_byte_anchors_only_new_bytes(void **state)
{
	struct ks_delta_piece pieces[] = { { 0, 10, 0 }, { 10, 2, NEW },
		{ 12, 8, 10 } };
	const struct ks_range expected[] = { { 10, 12 } };

	(void)state;
	expect_ranges(pieces, 3, 20, 1, expected, 1);
}

/* An anchor of 3 to 5 bytes; the pattern looks at 2 before, 8 from start. */
static const struct ks_rule rule = {
	.anchor_min = 3, .anchor_max = 5, .lookbehind = 2, .extent = 8
};
static const struct ks_rule open_rule = {
	.anchor_min = 3, .anchor_max = 5, .lookbehind = 2, .extent = UINT32_MAX
};

/*
 * Carry one candidate that ends at ${end} through the copy of bytes
 * [from, from + n) to 1000. True if it arrives; ${dead} tells how.
 */
static bool carry_one(const struct ks_rule *one, uint32_t end, size_t from,
	size_t n, bool was_dead, bool *dead)
{
	struct ks_candidate candidate = {
		.rule = 0, .is_dead = was_dead, .end = end
	};
	struct ks_carry base = { .list = &candidate, .count = 1 };
	struct ks_delta_piece pieces[] = { { 0, 1000, NEW },
		{ 1000, n, from } };
	struct ks_delta delta = delta_of(pieces, 2);
	struct ks_rules rules = { .list = one, .count = 1 };
	struct ks_carry out = { 0 };
	bool arrives;

	assert_int_equal(
		ks_carry_over(&out, &base, &delta, &rules, 0, 3), KS_OK);
	arrives = out.count == 1;
	if (arrives) {
		assert_int_equal(out.list[0].end, 1000 + end - from);
		*dead = out.list[0].is_dead;
	}
	ks_carry_release(&out);
	return arrives;
}

/* A dead candidate of a judge that looks at 20 bytes; is it dead still? */
static bool stays_judged(size_t from, size_t n)
{
	struct ks_candidate candidate = {
		.rule = 0, .is_dead = 1, .is_judged = 1, .end = 50
	};
	struct ks_carry base = { .list = &candidate, .count = 1 };
	struct ks_delta_piece pieces[] = { { 0, 1000, NEW },
		{ 1000, n, from } };
	struct ks_delta delta = delta_of(pieces, 2);
	struct ks_rules rules = { .list = &rule, .count = 1 };
	struct ks_carry out = { 0 };
	bool is_dead;

	assert_int_equal(
		ks_carry_over(&out, &base, &delta, &rules, 20, 3), KS_OK);
	assert_int_equal(out.count, 1);
	is_dead = out.list[0].is_dead;
	ks_carry_release(&out);
	return is_dead;
}

static void test_carry__keeps_a_verdict_with_all_it_depends_on(void **state)
{
	(void)state;
	/* The anchor starts at 45 at least; a match ends at 55 at most. */
	assert_true(stays_judged(24, 100));
	assert_false(stays_judged(25, 100));
	assert_true(stays_judged(24, 53));
	assert_false(stays_judged(24, 52));
}

static void test_carry__takes_anchors_that_surely_lie_inside(void **state)
{
	bool dead;

	(void)state;
	assert_true(carry_one(&rule, 105, 100, 50, false, &dead));
	assert_false(carry_one(&rule, 104, 100, 50, false, &dead));
	assert_true(carry_one(&rule, 150, 100, 50, false, &dead));
	assert_false(carry_one(&rule, 151, 100, 50, false, &dead));
}

static void test_carry__takes_all_from_the_start_of_the_base(void **state)
{
	bool dead;

	(void)state;
	assert_true(carry_one(&rule, 3, 0, 50, false, &dead));
}

/* From 105 - 5 - 2 on, and the byte before; the last start is 105 - 3. */
static void test_carry__keeps_the_dead_with_all_they_depend_on(void **state)
{
	bool dead;

	(void)state;
	assert_true(carry_one(&rule, 105, 97, 50, true, &dead));
	assert_true(dead);
	assert_true(carry_one(&rule, 105, 98, 50, true, &dead));
	assert_false(dead);
	assert_true(carry_one(&rule, 105, 50, 52 + 8 + 2, true, &dead));
	assert_true(dead);
	assert_true(carry_one(&rule, 105, 50, 52 + 8 + 1, true, &dead));
	assert_false(dead);
}

static void test_carry__never_makes_one_dead(void **state)
{
	bool dead;

	(void)state;
	assert_true(carry_one(&rule, 105, 0, 500, false, &dead));
	assert_false(dead);
}

static void test_carry__wakes_the_dead_of_unbounded_rules(void **state)
{
	bool dead;

	(void)state;
	assert_true(carry_one(&open_rule, 105, 0, 500, true, &dead));
	assert_false(dead);
}

static void test_carry__copies_what_is_copied_twice(void **state)
{
	struct ks_candidate list[] = { { .rule = 0, .end = 10 },
		{ .rule = 0, .end = 20 } };
	struct ks_carry base = { .list = list, .count = 2 };
	struct ks_delta_piece pieces[] = { { 0, 15, 10 }, { 15, 25, 0 } };
	struct ks_delta delta = delta_of(pieces, 2);
	struct ks_rules rules = { .list = &rule, .count = 1 };
	struct ks_carry out = { 0 };

	(void)state;
	assert_int_equal(
		ks_carry_over(&out, &base, &delta, &rules, 0, 3), KS_OK);
	assert_int_equal(out.count, 3);
	assert_int_equal(out.list[0].end, 10);
	assert_int_equal(out.list[1].end, 25);
	assert_int_equal(out.list[2].end, 35);
	ks_carry_release(&out);
}

static void test_carry__stops_at_its_limit(void **state)
{
	struct ks_candidate candidate = { .rule = 0, .end = 10 };
	struct ks_carry base = { .list = &candidate, .count = 1 };
	struct ks_delta_piece pieces[] = { { 0, 20, 0 }, { 20, 20, 0 },
		{ 40, 20, 0 } };
	struct ks_delta delta = delta_of(pieces, 3);
	struct ks_rules rules = { .list = &rule, .count = 1 };
	struct ks_carry out = { 0 };

	(void)state;
	assert_int_equal(
		ks_carry_over(&out, &base, &delta, &rules, 0, 2), KS_E_LIMIT);
	assert_int_equal(out.count, 2);
	ks_carry_release(&out);
}

static void test_carry__tidies(void **state)
{
	const struct ks_candidate list[] = { { .rule = 2, .end = 9 },
		{ .rule = 1, .end = 9 }, { .rule = 7, .end = 3 },
		{ .rule = 1, .is_dead = 1, .end = 9 },
		{ .rule = 7, .end = 3 } };
	struct ks_carry carry = { 0 };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(ks_carry_add(&carry, &list[i]), KS_OK);
	ks_carry_tidy(&carry);
	assert_int_equal(carry.count, 3);
	assert_int_equal(carry.list[0].rule, 7);
	assert_int_equal(carry.list[1].rule, 1);
	assert_true(carry.list[1].is_dead);
	assert_int_equal(carry.list[2].rule, 2);
	ks_carry_release(&carry);
}

static void test_carry__sees_nuls_only_where_they_are_new(void **state)
{
	const struct ks_span text = ks_span_of("ab\0cd", 5);
	struct ks_carry clean = { 0 };
	struct ks_carry nul = { .may_have_nul = true };
	struct ks_delta_piece copied[] = { { 0, 2, 0 }, { 2, 3, 2 } };
	struct ks_delta_piece fresh[] = { { 0, 2, 0 }, { 2, 1, NEW },
		{ 3, 2, 2 } };
	struct ks_delta copy = delta_of(copied, 2);
	struct ks_delta insert = delta_of(fresh, 3);

	(void)state;
	assert_true(ks_carry_may_have_nul(text, NULL, NULL));
	assert_false(ks_carry_may_have_nul(ks_span_str("abcd"), NULL, NULL));
	assert_false(ks_carry_may_have_nul(ks_span_str(""), NULL, NULL));
	assert_false(ks_carry_may_have_nul(text, &copy, &clean));
	assert_true(ks_carry_may_have_nul(text, &insert, &clean));
	assert_true(ks_carry_may_have_nul(text, &copy, &nul));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_carry__scans_nothing_of_an_identity),
		cmocka_unit_test(test_carry__widens_new_bytes_and_seams),
		cmocka_unit_test(test_carry__keeps_ranges_inside),
		cmocka_unit_test(
			test_carry__keeps_a_verdict_with_all_it_depends_on),
		cmocka_unit_test(
			test_carry__scans_the_head_copied_from_elsewhere),
		cmocka_unit_test(test_carry__joins_ranges_that_touch),
		cmocka_unit_test(
			test_carry__of_one_byte_anchors_only_new_bytes),
		cmocka_unit_test(
			test_carry__takes_anchors_that_surely_lie_inside),
		cmocka_unit_test(
			test_carry__takes_all_from_the_start_of_the_base),
		cmocka_unit_test(
			test_carry__keeps_the_dead_with_all_they_depend_on),
		cmocka_unit_test(test_carry__never_makes_one_dead),
		cmocka_unit_test(test_carry__wakes_the_dead_of_unbounded_rules),
		cmocka_unit_test(test_carry__copies_what_is_copied_twice),
		cmocka_unit_test(test_carry__stops_at_its_limit),
		cmocka_unit_test(test_carry__tidies),
		cmocka_unit_test(test_carry__sees_nuls_only_where_they_are_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
