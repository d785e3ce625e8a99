/* SPDX-License-Identifier: Apache-2.0 */
/* The fixed texts that every string of an anchor has. */
#include "rules/literal.h"

#include "rules/anchor.h"
#include "lib/literals.h"
#include "rules/syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The literals of the anchor of ${pattern}: "offset:text" each, then '>'. */
static void describe(struct ks_buf *out, const char *pattern)
{
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	struct ks_syntax syntax;
	struct ks_node *anchor;
	struct ks_literals literals;

	if (ks_syntax_parse(&syntax, &arena, pattern, &err) < 0 ||
		ks_anchor_derive(&anchor, &arena, syntax.root, &err) < 0)
		fail_msg("%s: %s", pattern, err.message);
	assert_int_equal(
		ks_literals_derive(&literals, &arena, &arena, anchor), 0);
	for (uint32_t i = 0; i < literals.count; i++) {
		const struct ks_literal *literal = &literals.list[i];

		assert_int_equal(ks_buf_printf(out, "%s%u:%.*s%s", i ? " " : "",
					 literal->offset, (int)literal->n,
					 (const char *)literal->value,
					 literal->follow ? ">" : ""),
			0);
	}
	assert_int_equal(ks_buf_add_byte(out, '\0'), 0);
	ks_arena_release(&arena);
}

static void check(const char *pattern, const char *expected)
{
	struct ks_buf text = { 0 };

	describe(&text, pattern);
	assert_string_equal((const char *)text.p, expected);
	ks_buf_release(&text);
}

static void test_literal__is_what_an_anchor_begins_with(void **state)
{
	(void)state;
	check("duffel_live_[a-z]{20}", "0:duffel_live_");
	check("(?:AKIA|ASIA)[A-Z]{16}", "0:AKIA> 0:ASIA>");
	check("[rs]k_live_[0-9]{24}", "0:rk_live_> 0:sk_live_>");
	check("glrtr?-[0-9a-z]{20}", "0:glrt>");
}

static void test_literal__of_letters_in_either_case_is_one(void **state)
{
	(void)state;
	check("(?i:netlify)[=:]", "0:NETLIFY>");
	check("[Bb]earer [0-9a-z]{20}", "0:Bearer >");
}

static void test_literal__may_stand_behind_a_class(void **state)
{
	(void)state;
	check("[0-9a-z]{3}8Q~[0-9a-z]{31}", "3:8Q~>");
	check("ab[0-9a-z]_live_[0-9a-z]{31}", "3:_live_>");
}

static void test_literal__ends_where_it_would_be_many(void **state)
{
	(void)state;
	check("(?i:secret[ ._-]?key)=[0-9a-z]{9}", "0:SECRET>");
	check("token[0-9a-f]{9}", "0:token>");
	check("key[\\w.-]{0,16}[=:]", "0:key>");
}

static void test_literal__is_none_without_a_place_that_is_known(void **state)
{
	(void)state;
	check("qb[a-z]{0,9}token=", "");
	check("[a-z]{1,9}_token=", "");
	check("(?:known|[a-z]{1,4}token)=", "");
}

/* A string of the anchor has a literal, and what follows it is taken. */
static void test_literal__is_in_each_string_of_the_anchor(void **state)
{
	static const char *const strings[] = { "aws-secret", "aws_x.y-secret",
		"AWSsecret", "SECRET_ACCESS-KEY", "secretaccesskey",
		"secret access key" };
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	struct ks_syntax syntax;
	struct ks_node *anchor;
	struct ks_literals literals;

	(void)state;
	assert_int_equal(
		ks_syntax_parse(&syntax, &arena,
			"(?i:secret[ _.-]?access[ _.-]?key|aws[\\w.-]{0,12}"
			"secret)",
			&err),
		0);
	assert_int_equal(
		ks_anchor_derive(&anchor, &arena, syntax.root, &err), 0);
	assert_int_equal(
		ks_literals_derive(&literals, &arena, &arena, anchor), 0);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		const struct ks_span text = ks_span_str(strings[i]);
		bool is_taken = false;

		for (uint32_t j = 0; j < literals.count; j++) {
			is_taken |=
				test_literal_stands(&literals.list[j], text, 0);
		}
		if (!is_taken)
			fail_msg("%s has no literal", strings[i]);
	}
	ks_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_literal__is_what_an_anchor_begins_with),
		cmocka_unit_test(
			test_literal__of_letters_in_either_case_is_one),
		cmocka_unit_test(test_literal__may_stand_behind_a_class),
		cmocka_unit_test(test_literal__ends_where_it_would_be_many),
		cmocka_unit_test(
			test_literal__is_none_without_a_place_that_is_known),
		cmocka_unit_test(test_literal__is_in_each_string_of_the_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
