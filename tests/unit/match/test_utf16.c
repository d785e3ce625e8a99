/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "match/utf16.h"

/* ${text} with a NUL before (big-endian) or behind each byte. */
static void add_units(struct ks_buf *out, const char *text, bool is_big)
{
	for (; *text; text++) {
		if (is_big)
			assert_int_equal(ks_buf_add_byte(out, 0), KS_OK);
		assert_int_equal(ks_buf_add_byte(out, (uint8_t)*text), KS_OK);
		if (!is_big)
			assert_int_equal(ks_buf_add_byte(out, 0), KS_OK);
	}
}

static void add(struct ks_buf *out, const char *text)
{
	assert_int_equal(ks_buf_add_str(out, text), KS_OK);
}

static struct ks_utf16_source source_of(const struct ks_buf *raw)
{
	return (struct ks_utf16_source){ ks_buf_span(raw),
		ks_utf16_mark(ks_buf_span(raw)), true };
}

/* The first run at or behind ${from} stands at ${start}, reading ${text}. */
static void expect_run(const struct ks_buf *raw, size_t from, bool is_big,
	size_t start, const char *text)
{
	const struct ks_utf16_source source = source_of(raw);
	struct ks_buf decoded = { 0 };
	struct ks_utf16_run run;

	assert_true(ks_utf16_next(&run, &source, from, is_big));
	assert_int_equal(run.start, start);
	assert_int_equal(run.is_big_endian, is_big);
	assert_int_equal(
		ks_utf16_decode(&decoded, ks_buf_span(raw), &run), KS_OK);
	assert_span_text(ks_buf_span(&decoded), text);
	ks_buf_release(&decoded);
}

static void expect_none(const struct ks_buf *raw, size_t from, bool is_big)
{
	const struct ks_utf16_source source = source_of(raw);
	struct ks_utf16_run run;

	assert_false(ks_utf16_next(&run, &source, from, is_big));
}

static void test_utf16__reads_both_orders(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct ks_buf raw = { 0 };

		add(&raw, "binary\x01\x02");
		add_units(&raw, "token = 1234", big);
		add(&raw, "\x7f\x80");
		expect_run(&raw, 0, big, 8, "token = 1234");
		ks_buf_release(&raw);
	}
}

static void test_utf16__reads_at_odd_offsets(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct ks_buf raw = { 0 };

		add(&raw, "\x80\x81\x82");
		add_units(&raw, "password", big);
		expect_run(&raw, 0, big, 3, "password");
		ks_buf_release(&raw);
	}
}

static void test_utf16__reads_up_to_the_last_byte(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	add_units(&raw, "abcdefgh", false);
	expect_run(&raw, 0, false, 0, "abcdefgh");
	raw.n--; /* half a unit */
	expect_none(&raw, 0, false);
	ks_buf_release(&raw);
}

static void test_utf16__passes_over_short_runs(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	add_units(&raw, "seven_7", false);
	add(&raw, "\x80\x80");
	expect_none(&raw, 0, false);
	add_units(&raw, "eight__8", false);
	expect_run(&raw, 0, false, 16, "eight__8");
	ks_buf_release(&raw);
}

static void test_utf16__finds_each_run_in_turn(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	add_units(&raw, "first run", false);
	add(&raw, "\x80\x80\x80");
	add_units(&raw, "second run", false);
	expect_run(&raw, 0, false, 0, "first run");
	expect_run(&raw, 18, false, 21, "second run");
	expect_none(&raw, 41, false);
	ks_buf_release(&raw);
}

static void test_utf16__obeys_a_mark(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	assert_int_equal(ks_buf_add(&raw, "\xff\xfe", 2), KS_OK);
	add_units(&raw, "hi", false);
	assert_int_equal(ks_buf_add(&raw, "\xac\x20", 2), KS_OK); /* euro */
	add_units(&raw, "!", false);
	expect_run(&raw, 0, false, 2, "hi\xff!");
	expect_none(&raw, 0, true);
	expect_none(&raw, 10, false);
	raw.p[0] = 0xfe;
	raw.p[1] = 0xff;
	expect_none(&raw, 0, false);
	ks_buf_release(&raw);
}

static void test_utf16__reads_a_big_endian_mark(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	assert_int_equal(ks_buf_add(&raw, "\xfe\xff", 2), KS_OK);
	add_units(&raw, "key=1", true);
	expect_run(&raw, 0, true, 2, "key=1");
	ks_buf_release(&raw);
}

static void test_utf16__makes_no_text_of_a_unit_beyond_ascii(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	assert_int_equal(ks_buf_add(&raw, "\xff\xfe", 2), KS_OK);
	assert_int_equal(ks_buf_add(&raw, "A\x01\x80\x00", 4), KS_OK);
	expect_run(&raw, 0, false, 2, "\xff\xff");
	ks_buf_release(&raw);
}

static bool is_unit_at(const uint8_t *p, size_t n, size_t at, bool is_big)
{
	uint8_t low;

	if (at + 1 >= n || p[at + !is_big] != 0)
		return false;
	low = p[at + is_big];
	return low >= 0x20 ? low < 0x7f : low != 0 && strchr("\t\n\r", low);
}

/* The first byte at which enough units begin, asked for byte by byte. */
static size_t first_by_hand(
	const uint8_t *p, size_t n, size_t from, bool is_big)
{
	for (; from < n; from++) {
		size_t count = 0;

		while (is_unit_at(p, n, from + 2 * count, is_big))
			count++;
		if (count >= KS_UTF16_RUN_MIN)
			break;
	}
	return from;
}

static void test_utf16__finds_what_is_found_byte_by_byte(void **state)
{
	static const uint8_t some[] = { 0, 0, 0, 0, 'a', '~', '\n', 0x7f };
	uint8_t bytes[300];
	uint32_t seed = 1;

	(void)state;
	for (size_t turn = 0; turn < 40000; turn++) {
		size_t n = turn % sizeof(bytes);
		struct ks_utf16_source source = { .raw = { bytes, n } };
		struct ks_utf16_run run;
		bool is_big = turn & 1;
		size_t from = 0;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = i % 2 && seed >> 29 ? 0 : some[seed >> 29];
		}
		while (ks_utf16_next(&run, &source, from, is_big)) {
			assert_int_equal(run.start,
				first_by_hand(bytes, n, from, is_big));
			from = run.start + 2 * run.units;
			assert_false(is_unit_at(bytes, n, from, is_big));
		}
		assert_int_equal(first_by_hand(bytes, n, from, is_big), n);
	}
}

static void test_utf16__survives_nothing_much(void **state)
{
	struct ks_buf raw = { 0 };

	(void)state;
	for (int big = 0; big < 2; big++)
		expect_none(&raw, 0, big);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(ks_buf_add_byte(&raw, 0), KS_OK);
		for (int big = 0; big < 2; big++)
			expect_none(&raw, 0, big);
	}
	raw.n = 2;
	memcpy(raw.p, "\xff\xfe", 2);
	expect_none(&raw, 0, false);
	ks_buf_release(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf16__reads_both_orders),
		cmocka_unit_test(test_utf16__reads_at_odd_offsets),
		cmocka_unit_test(test_utf16__reads_up_to_the_last_byte),
		cmocka_unit_test(test_utf16__passes_over_short_runs),
		cmocka_unit_test(test_utf16__finds_each_run_in_turn),
		cmocka_unit_test(test_utf16__obeys_a_mark),
		cmocka_unit_test(test_utf16__reads_a_big_endian_mark),
		cmocka_unit_test(
			test_utf16__makes_no_text_of_a_unit_beyond_ascii),
		cmocka_unit_test(test_utf16__finds_what_is_found_byte_by_byte),
		cmocka_unit_test(test_utf16__survives_nothing_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
