/* SPDX-License-Identifier: Apache-2.0 */
/* Raw commits: graph, signatures, messages; whole and hostile. */
#include "provenance/commits.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

#define A40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B40 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C40 "cccccccccccccccccccccccccccccccccccccccc"
#define A64 A40 "aaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 B40 "bbbbbbbbbbbbbbbbbbbbbbbb"
#define WHO "author A <a@b> 5 +0100\ncommitter C <c@d> 77 -0230\n"

static int add(struct ks_commits *commits, const char *raw)
{
	const struct ks_oid oid = { { 1 } };

	return ks_commits_add(commits, &oid, ks_span_str(raw), NULL);
}

static void assert_filled(const struct ks_oid *oid, size_t n, uint8_t fill)
{
	for (size_t i = 0; i < KS_OID_MAX; i++)
		assert_int_equal(oid->id[i], i < n ? fill : 0);
}

static void test_commits__keeps_tree_parents_and_time(void **state)
{
	struct ks_commits commits = { 0 };

	(void)state;
	assert_int_equal(add(&commits, "tree " A40 "\n" WHO "\nroot"), 0);
	assert_int_equal(add(&commits, "tree " B40 "\nparent " A40
				       "\nparent " C40 "\n" WHO "\nmerge"),
		0);
	assert_int_equal(commits.count, 2);
	assert_int_equal(commits.list[0].parent_count, 0);
	assert_filled(&commits.list[0].tree, 20, 0xaa);
	assert_int_equal(commits.list[1].parent_count, 2);
	assert_int_equal(commits.list[1].time, 77);
	assert_filled(&commits.parents[commits.list[1].first_parent], 20, 0xaa);
	assert_filled(
		&commits.parents[commits.list[1].first_parent + 1], 20, 0xcc);
	ks_commits_release(&commits);
}

static void test_commits__reads_sha256_ids(void **state)
{
	struct ks_commits commits = { .hash_bytes = KS_OID_SHA256 };

	(void)state;
	assert_int_equal(
		add(&commits, "tree " A64 "\nparent " B64 "\n" WHO "\n"), 0);
	assert_filled(&commits.list[0].tree, 32, 0xaa);
	assert_filled(&commits.parents[0], 32, 0xbb);
	assert_int_equal(
		add(&commits, "tree " A40 "\n" WHO "\n"), KS_E_CORRUPT);
	ks_commits_release(&commits);
}

static void test_commits__rejects_wrong_tree_and_parent_lines(void **state)
{
	static const char *const raws[] = {
		"",
		"\n",
		"tree",
		"tree \n",
		"tree " A40 "a\n" WHO "\n",
		"tree  " A40 "\n" WHO "\n",
		"tree " A64 "\n" WHO "\n",
		"tree aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaag\n" WHO "\n",
		"parent " A40 "\ntree " A40 "\n" WHO "\n",
		WHO "tree " A40 "\n\n",
		"tree " A40 "\nparent " A40 "\nparent x\n" WHO "\n",
		"tree " A40 "\nparent \n" WHO "\n",
	};
	struct ks_commits commits = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(raws) / sizeof(*raws); i++) {
		struct ks_err err = { 0 };
		const struct ks_oid oid = { { 1 } };

		assert_int_equal(ks_commits_add(&commits, &oid,
					 ks_span_str(raws[i]), &err),
			KS_E_CORRUPT);
		assert_int_equal(err.code, KS_E_CORRUPT);
		assert_int_equal(commits.count, 0);
		assert_int_equal(commits.parent_count, 0);
	}
	ks_commits_release(&commits);
}

static void test_commits__does_without_the_rest(void **state)
{
	static const struct {
		const char *raw;
		int64_t time;
		uint32_t parents;
	} cases[] = {
		{ "tree " A40, 0, 0 },
		{ "tree " A40 "\n", 0, 0 },
		{ "tree " A40 "\nparent " B40, 0, 1 },
		{ "tree " A40 "\ncommitter C <c> 9 +0000", 9, 0 },
		{ "tree " A40 "\ncommitter C\n", 0, 0 },
		/* Like git: only parents right after the tree are ones. */
		{ "tree " A40 "\n" WHO "parent " B40 "\n", 77, 0 },
		/* Duplicates: the first counts. */
		{ "tree " A40 "\ntree " B40 "\n" WHO, 77, 0 },
		{ "tree " A40 "\n" WHO "committer D <d> 5 +0000\n", 77, 0 },
		/* What the message says does not. */
		{ "tree " A40 "\n\ncommitter C <c> 9 +0000", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ks_commits commits = { 0 };

		assert_int_equal(add(&commits, cases[i].raw), 0);
		assert_int_equal(commits.list[0].time, cases[i].time);
		assert_int_equal(
			commits.list[0].parent_count, cases[i].parents);
		assert_filled(&commits.list[0].tree, 20, 0xaa);
		ks_commits_release(&commits);
	}
}

static void test_commits__takes_many_parents(void **state)
{
	enum {
		PARENTS = 20000
	};
	struct ks_buf raw = { 0 };
	struct ks_commits commits = { 0 };
	const struct ks_oid oid = { { 1 } };

	(void)state;
	assert_int_equal(ks_buf_add_str(&raw, "tree " A40 "\n"), 0);
	for (int i = 0; i < PARENTS; i++)
		assert_int_equal(ks_buf_printf(&raw, "parent %040d\n", i), 0);
	assert_int_equal(
		ks_commits_add(&commits, &oid, ks_buf_span(&raw), NULL), 0);
	assert_int_equal(commits.list[0].parent_count, PARENTS);
	assert_int_equal(commits.parents[PARENTS - 1].id[19], 0x99);
	assert_int_equal(ks_commits_head(&commits), raw.n);
	ks_buf_release(&raw);
	ks_commits_release(&commits);
}

static void test_commits__merge_keeps_each_with_its_parents(void **state)
{
	struct ks_commits into = { 0 };
	struct ks_commits from = { .hash_bytes = KS_OID_SHA1 };
	struct ks_commits empty = { 0 };

	(void)state;
	assert_int_equal(
		add(&into, "tree " A40 "\nparent " B40 "\n" WHO "\n"), 0);
	assert_int_equal(
		add(&from, "tree " B40 "\nparent " C40 "\n" WHO "\n"), 0);
	assert_int_equal(ks_commits_merge(&into, &from), 0);
	assert_int_equal(ks_commits_merge(&into, &empty), 0);
	assert_int_equal(from.count, 0);
	assert_int_equal(into.count, 2);
	assert_int_equal(into.hash_bytes, KS_OID_SHA1);
	assert_filled(&into.list[1].tree, 20, 0xbb);
	assert_filled(&into.parents[into.list[1].first_parent], 20, 0xcc);
	ks_commits_release(&into);
	ks_commits_release(&from);
}

static void test_commits__parses_signatures(void **state)
{
	static const struct {
		const char *line;
		const char *name, *email;
		int64_t time;
		int32_t utc_offset;
	} cases[] = {
		{ "A U Thor <a@b.c> 1700000000 +0130", "A U Thor", "a@b.c",
			1700000000, 90 },
		{ "A <a@b> 1 -0730", "A", "a@b", 1, -450 },
		{ "<a@b> 1 +0000", "", "a@b", 1, 0 },
		{ "A <> 1 +0000", "A", "", 1, 0 },
		{ "  A  < a@b >  1  +0000", "A", "a@b", 1, 0 },
		{ "J\xc3\xb6 \"x\" O'N, Jr. <a@b> 1 +0000",
			"J\xc3\xb6 \"x\" O'N, Jr.", "a@b", 1, 0 },
		{ "A <a<b@c> 1 +0000", "A", "a<b@c", 1, 0 },
		{ "A <a>b> 1 +0000", "A", "a", 1, 0 },
		{ "A <a@b> -62135596800 +0000", "A", "a@b", -62135596800, 0 },
		{ "A <a@b> 9223372036854775807 +0000", "A", "a@b", INT64_MAX,
			0 },
		{ "A <a@b> 99999999999999999999999 +0000", "A", "a@b",
			INT64_MAX, 0 },
		{ "A <a@b> -99999999999999999999999 +0000", "A", "a@b",
			-INT64_MAX, 0 },
		{ "A <a@b> 1 +9999", "A", "a@b", 1, 0 },
		{ "A <a@b> 1 +0060", "A", "a@b", 1, 0 },
		{ "A <a@b> 1 -2359", "A", "a@b", 1, -1439 },
		{ "A <a@b> 1 0100", "A", "a@b", 1, 0 },
		{ "A <a@b> 1 +100", "A", "a@b", 1, 0 },
		{ "A <a@b> 1 +01000", "A", "a@b", 1, 0 },
		{ "A <a@b> 1", "A", "a@b", 1, 0 },
		{ "A <a@b>", "A", "a@b", 0, 0 },
		{ "A <a@b> x +0000", "A", "a@b", 0, 0 },
		{ "A <a@b> 1x +0100", "A", "a@b", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ks_signature got;
		char raw[256];

		snprintf(raw, sizeof(raw), "tree " A40 "\nauthor %s\n\n",
			cases[i].line);
		assert_true(
			ks_signature_parse(&got, ks_span_str(raw), "author"));
		assert_true(ks_span_eq(got.name, ks_span_str(cases[i].name)));
		assert_true(ks_span_eq(got.email, ks_span_str(cases[i].email)));
		assert_int_equal(got.time, cases[i].time);
		assert_int_equal(got.utc_offset, cases[i].utc_offset);
	}
}

static void test_commits__finds_no_signature_where_there_is_none(void **state)
{
	static const char *const raws[] = {
		"",
		"tree " A40 "\n\nauthor A <a@b> 1 +0000\n",
		"tree " A40 "\n author A <a@b> 1 +0000\n\n",
		"tree " A40 "\nauthors A <a@b> 1 +0000\n\n",
		"tree " A40 "\nauthor\n\n",
		"tree " A40 "\nauthor \n\n",
		"tree " A40 "\nauthor A 1 +0000\n\n",
		"tree " A40 "\nauthor A <a@b 1 +0000\n\n",
		"tree " A40 "\nauthor A >a@b< 1 +0000\n\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(raws) / sizeof(*raws); i++) {
		struct ks_signature got = { .time = 1 };

		assert_false(ks_signature_parse(
			&got, ks_span_str(raws[i]), "author"));
		assert_null(got.name.p);
		assert_int_equal(got.time, 0);
	}
}

static void test_commits__reads_nuls_as_bytes(void **state)
{
	static const char raw[] =
		"tree " A40 "\nauthor A\0B <a\0b> 4 +0000\n\nm\0n";
	struct ks_span span = ks_span_of(raw, sizeof(raw) - 1);
	struct ks_signature got;

	(void)state;
	assert_true(ks_signature_parse(&got, span, "author"));
	assert_int_equal(got.name.n, 3);
	assert_int_equal(got.email.n, 3);
	assert_int_equal(got.time, 4);
	assert_int_equal(ks_message_of(span).n, 3);
}

static void test_commits__message_is_all_after_the_blank_line(void **state)
{
	static const struct {
		const char *raw, *message;
	} cases[] = {
		{ "tree " A40 "\n" WHO "\nsubject\n\nbody\n",
			"subject\n\nbody\n" },
		{ "tree " A40 "\n" WHO "gpgsig -----BEGIN\n \n abc\n"
		  " -----END\n\nsigned\n",
			"signed\n" },
		{ "object " A40 "\ntype commit\ntag v1\ntagger T <t> 1 +0000"
		  "\n\nrelease",
			"release" },
		{ "\nno header", "no header" },
		{ "tree " A40 "\n" WHO "\n", "" },
		{ "tree " A40 "\n" WHO, "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(ks_span_eq(ks_message_of(ks_span_str(cases[i].raw)),
			ks_span_str(cases[i].message)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commits__keeps_tree_parents_and_time),
		cmocka_unit_test(test_commits__reads_sha256_ids),
		cmocka_unit_test(
			test_commits__rejects_wrong_tree_and_parent_lines),
		cmocka_unit_test(test_commits__does_without_the_rest),
		cmocka_unit_test(test_commits__takes_many_parents),
		cmocka_unit_test(
			test_commits__merge_keeps_each_with_its_parents),
		cmocka_unit_test(test_commits__parses_signatures),
		cmocka_unit_test(
			test_commits__finds_no_signature_where_there_is_none),
		cmocka_unit_test(test_commits__reads_nuls_as_bytes),
		cmocka_unit_test(
			test_commits__message_is_all_after_the_blank_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
