/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "scan/hits.h"

#include <stdio.h>

static uint32_t secret(struct ks_hits *hits, uint32_t rule, const char *text)
{
	uint32_t index;

	assert_int_equal(
		ks_hits_add_secret(hits, rule, ks_span_str(text), &index),
		KS_OK);
	return index;
}

static void hit(
	struct ks_hits *hits, uint32_t index, const char *name, uint32_t line)
{
	struct ks_where where = { .kind = KS_PLACE_FILE, .name = name };
	struct ks_hit one = { .secret = index, .line = line };

	assert_int_equal(ks_hits_add_where(hits, &where, &one.where), KS_OK);
	assert_int_equal(ks_hits_add(hits, &one), KS_OK);
}

static void test_hits__keeps_a_rule_and_secret_once(void **state)
{
	struct ks_hits hits = { 0 };
	char text[16];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 1000; i++) {
			snprintf(text, sizeof(text), "secret-%u", i / 2);
			assert_int_equal(secret(&hits, i % 2, text), i);
		}
	}
	assert_int_equal(hits.secret_count, 1000);
	ks_hits_release(&hits);
}

static void test_hits__copies_what_it_is_given(void **state)
{
	struct ks_hits hits = { 0 };
	char text[] = "secret";
	char name[] = "name";

	(void)state;
	hit(&hits, secret(&hits, 0, text), name, 1);
	text[0] = name[0] = '!';
	assert_span_text(hits.secrets[0].bytes, "secret");
	assert_string_equal(hits.where[0].name, "name");
	ks_hits_release(&hits);
}

static void test_hits__merges_places_and_secrets(void **state)
{
	struct ks_hits into = { 0 };
	struct ks_hits from = { 0 };

	(void)state;
	hit(&into, secret(&into, 0, "shared"), "a", 1);
	hit(&from, secret(&from, 0, "other"), "b", 2);
	hit(&from, secret(&from, 0, "shared"), "c", 3);
	hit(&from, secret(&from, 1, "shared"), "d", 4);
	into.secrets[0].confidence = 0.5f;
	from.secrets[1].confidence = 0.7f;
	assert_int_equal(ks_hits_merge(&into, &from), KS_OK);
	ks_hits_release(&from);
	assert_int_equal(into.secret_count, 3);
	assert_int_equal(into.count, 4);
	assert_int_equal(into.list[2].secret, 0);
	assert_true(into.secrets[0].confidence > 0.6f);
	for (size_t i = 0; i < into.count; i++) {
		assert_int_equal(
			into.where[into.list[i].where].name[0], "abcd"[i]);
		assert_int_equal(into.list[i].line, i + 1);
	}
	assert_span_text(into.secrets[into.list[1].secret].bytes, "other");
	assert_int_equal(into.secrets[into.list[3].secret].rule, 1);
	ks_hits_release(&into);
}

/* The order of workers is chance; the pair must not be. */
static void test_hits__pairs_the_same_in_any_order(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct ks_hits workers[2];
		struct ks_hits into = { 0 };
		const char *halves[] = { "zebra", "apple" };

		memset(workers, 0, sizeof(workers));
		for (int i = 0; i < 2; i++)
			ks_hits_pair(&workers[i], secret(&workers[i], 0, "id"),
				secret(&workers[i], 1, halves[i]));
		for (int i = 0; i < 2; i++)
			assert_int_equal(
				ks_hits_merge(&into, &workers[i ^ order]),
				KS_OK);
		assert_span_text(
			into.secrets[into.secrets[secret(&into, 0, "id")].pair]
				.bytes,
			"apple");
		ks_hits_release(&into);
		ks_hits_release(&workers[0]);
		ks_hits_release(&workers[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hits__keeps_a_rule_and_secret_once),
		cmocka_unit_test(test_hits__copies_what_it_is_given),
		cmocka_unit_test(test_hits__merges_places_and_secrets),
		cmocka_unit_test(test_hits__pairs_the_same_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
