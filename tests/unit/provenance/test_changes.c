/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing trees drawn by chance with the plainest way to do it. */
#include "lib/check.h"

#include "lib/packs.h"
#include "provenance/changes.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	NAMES = 40,  /* that an entry may have */
	CONTENTS = 4 /* that a name may have; 0: there is none */
};

/* A tree: what each name has. */
struct drawn {
	uint8_t content[NAMES];
	struct ks_oid oid;
};

static struct ks_oid blob_of(size_t name, unsigned content)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%zu %u", name, content);

	return test_oid_of(3, ks_span_of((uint8_t *)text, (size_t)n));
}

/* Sorted as git does: the numbers have three digits. Some are long. */
static const char *name_of(size_t name)
{
	static char text[64];

	snprintf(text, sizeof(text), "n%03zu%s", name,
		name % 3 ? "" : "-with-a-longer-name");
	return text;
}

static void add_entry(struct ks_buf *raw, size_t name, unsigned content)
{
	struct ks_oid oid = blob_of(name, content);

	assert_int_equal(ks_buf_add_str(raw, "100644 "), KS_OK);
	assert_int_equal(ks_buf_add_str(raw, name_of(name)), KS_OK);
	assert_int_equal(ks_buf_add_byte(raw, 0), KS_OK);
	assert_int_equal(ks_buf_add(raw, oid.id, KS_OID_SHA1), KS_OK);
}

/* Put the tree into ${pack}, unless it is there. */
static void put(struct test_pack *pack, struct drawn *drawn)
{
	struct ks_buf raw = { 0 };
	bool is_there = false;

	for (size_t i = 0; i < NAMES; i++) {
		if (drawn->content[i])
			add_entry(&raw, i, drawn->content[i]);
	}
	drawn->oid = test_oid_of(2, ks_buf_span(&raw));
	for (size_t i = 0; i < pack->count; i++)
		is_there |= ks_oid_eq(&pack->entries[i].oid, &drawn->oid);
	if (!is_there)
		test_pack_full(pack, 2, ks_buf_span(&raw));
	ks_buf_release(&raw);
}

/* Another tree that differs in at most ${most} names. */
static struct drawn change(
	const struct drawn *from, unsigned most, unsigned *seed)
{
	struct drawn out = *from;
	unsigned count = most ? (unsigned)rand_r(seed) % (most + 1) : 0;

	for (unsigned i = 0; i < count; i++)
		out.content[rand_r(seed) % NAMES] =
			(uint8_t)(rand_r(seed) % CONTENTS);
	return out;
}

/* What was told, by name: 1 told, 2 its name is new; what the others had. */
struct told {
	uint8_t state[NAMES];
	size_t was_count[NAMES];
};

static int on_change(
	void *payload, const struct ks_change *change, struct ks_err *err)
{
	struct told *told = payload;
	char text[8] = "";
	size_t at;

	(void)err;
	memcpy(text, change->name.p, 4);
	at = strtoul(text + 1, NULL, 10);
	assert_true(change->is_blob);
	assert_int_equal(told->state[at], 0);
	told->state[at] = change->is_new_name ? 2 : 1;
	told->was_count[at] = change->was_count;
	return KS_OK;
}

static int on_unreadable(void *payload, const struct ks_oid *tree,
	const struct ks_err *why, struct ks_err *err)
{
	(void)payload;
	(void)tree;
	(void)err;
	fail_msg("%s", why->message);
	return KS_OK;
}

static void check(const struct told *told, const struct drawn *tree,
	const struct drawn *others, size_t count)
{
	for (size_t at = 0; at < NAMES; at++) {
		size_t has_name = 0;
		bool is_same = false;
		int expected = 0;

		for (size_t i = 0; i < count; i++) {
			has_name += others[i].content[at] != 0;
			is_same |= others[i].content[at] == tree->content[at];
		}
		if (tree->content[at] && !is_same)
			expected = has_name ? 1 : 2;
		assert_int_equal(told->state[at], expected);
		if (expected)
			assert_int_equal(told->was_count[at], has_name);
	}
}

static void on_skip(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	fail_msg("%s: %s", path, why->message);
}

static void compare(
	struct ks_reader *reader, const struct drawn *trees, size_t other_count)
{
	struct told told = { { 0 }, { 0 } };
	struct ks_changes changes = {
		.reader = reader,
		.hash_bytes = KS_OID_SHA1,
		.each = on_change,
		.unreadable = on_unreadable,
		.payload = &told,
	};
	struct ks_oid others[3];
	struct ks_err err;

	for (size_t i = 0; i < other_count; i++)
		others[i] = trees[i + 1].oid;
	assert_int_equal(ks_changes_find(&changes, &trees[0].oid, others,
				 other_count, &err),
		KS_OK);
	ks_changes_release(&changes);
	check(&told, &trees[0], trees + 1, other_count);
}

static void test_changes__are_those_of_the_plain_way(void **state)
{
	enum {
		SETS = 400
	};
	static struct drawn trees[SETS][4];
	char *dir = test_dir_new();
	const char *dirs[] = { dir };
	struct test_pack pack = { 0 };
	struct ks_reader *reader;
	struct ks_store store;
	struct ks_err err;
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < SETS; i++) {
		struct drawn from = { { 0 }, { { 0 } } };

		from = change(&from, 4 * NAMES, &seed);
		for (size_t j = 0; j < 4; j++) {
			trees[i][j] = change(&from, (unsigned)(i % 7), &seed);
			put(&pack, &trees[i][j]);
		}
	}
	test_pack_write(&pack, dir, "x", 2);
	assert_int_equal(ks_store_open_unlisted(&store, dirs, 1, KS_OID_SHA1,
				 on_skip, NULL, &err),
		KS_OK);
	assert_int_equal(
		ks_reader_new(&reader, &store, 1 << 20, 0, &err), KS_OK);
	for (size_t i = 0; i < SETS; i++)
		compare(reader, trees[i], i % 4);
	ks_reader_free(reader);
	ks_store_close(&store);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes__are_those_of_the_plain_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
