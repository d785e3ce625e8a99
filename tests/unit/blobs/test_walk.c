/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/oidmap.h"
#include "blobs/reader.h"
#include "blobs/walk.h"
#include "lib/packs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* What a walk told, from all workers. */
struct seen {
	pthread_mutex_t lock;
	struct ks_oidmap visited;
	struct ks_oidmap declined;
	size_t visits;
	size_t wrong; /* objects whose bytes are not those of their id */
	char why[KS_ERR_MESSAGE_MAX];
	int why_code;
};

static int on_object(void *payload, unsigned worker,
	const struct ks_object *object, struct ks_err *err)
{
	struct seen *seen = payload;
	struct ks_oid oid;

	(void)worker;
	(void)err;
	if (object->is_repeated)
		return KS_OK;
	oid = test_oid_of((int)object->type, object->bytes);
	pthread_mutex_lock(&seen->lock);
	seen->visits++;
	seen->wrong += !ks_oid_eq(&oid, &object->oid);
	assert_int_equal(
		ks_oidmap_add(&seen->visited, &object->oid, 0, NULL), KS_OK);
	pthread_mutex_unlock(&seen->lock);
	return KS_OK;
}

static int on_declined(void *payload, unsigned worker, const struct ks_oid *oid,
	const struct ks_err *why, struct ks_err *err)
{
	struct seen *seen = payload;

	(void)worker;
	(void)err;
	pthread_mutex_lock(&seen->lock);
	memcpy(seen->why, why->message, sizeof(seen->why));
	seen->why_code = why->code;
	assert_int_equal(ks_oidmap_add(&seen->declined, oid, 0, NULL), KS_OK);
	pthread_mutex_unlock(&seen->lock);
	return KS_OK;
}

static void on_skip(void *payload, const char *path, const struct ks_err *why)
{
	(void)path;
	(void)why;
	++*(size_t *)payload;
}

/* Walk the objects folder ${dir}; returns how many packs were skipped. */
static size_t walk(
	const char *dir, unsigned jobs, struct seen *seen, uint64_t limit)
{
	const char *dirs[] = { dir };
	struct ks_visitor visitor = {
		.object = on_object,
		.declined = on_declined,
		.payload = seen,
		.max_object = limit,
	};
	struct ks_store store;
	struct ks_err err = { 0 };
	size_t skipped = 0;

	*seen = (struct seen){ .lock = PTHREAD_MUTEX_INITIALIZER };
	assert_int_equal(ks_store_open(&store, dirs, 1, KS_OID_SHA1, on_skip,
				 &skipped, &err),
		KS_OK);
	assert_int_equal(ks_walk(&store, jobs, &visitor, &err), KS_OK);
	ks_store_close(&store);
	return skipped;
}

static void forget(struct seen *seen)
{
	ks_oidmap_release(&seen->visited);
	ks_oidmap_release(&seen->declined);
}

static bool has(const struct ks_oidmap *map, const struct ks_oid *oid)
{
	return ks_oidmap_get(map, oid) != KS_OIDMAP_NONE;
}

/* A blob of the pack: its content, and the entry. */
struct blob {
	struct ks_buf content;
	struct ks_oid oid;
};

static void blob_set(struct blob *blob, const char *text)
{
	ks_buf_reset(&blob->content);
	assert_int_equal(ks_buf_add_str(&blob->content, text), KS_OK);
	blob->oid = test_oid_of(3, ks_buf_span(&blob->content));
}

/* Add to ${pack} a delta that appends ${more} to the content of ${base}. */
static size_t add_longer(struct test_pack *pack, size_t base_entry,
	const struct blob *base, struct blob *out, const char *more)
{
	struct ks_buf code = { 0 };
	size_t entry;

	ks_buf_reset(&out->content);
	assert_int_equal(
		ks_buf_add(&out->content, base->content.p, base->content.n),
		KS_OK);
	assert_int_equal(ks_buf_add_str(&out->content, more), KS_OK);
	out->oid = test_oid_of(3, ks_buf_span(&out->content));
	test_delta_begin(&code, base->content.n, out->content.n);
	test_delta_copy(&code, 0, base->content.n);
	test_delta_insert(&code, ks_span_str(more));
	entry = test_pack_ofs_delta(
		pack, base_entry, ks_buf_span(&code), &out->oid);
	ks_buf_release(&code);
	return entry;
}

static void test_walk__visits_full_ofs_and_ref_deltas(void **state)
{
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob blobs[3] = { 0 };
	struct ks_buf code = { 0 };
	struct seen seen;
	size_t root;

	(void)state;
	blob_set(&blobs[0], "the base of all");
	root = test_pack_full(&pack, 3, ks_buf_span(&blobs[0].content));
	add_longer(&pack, root, &blobs[0], &blobs[1], ", and more");
	blob_set(&blobs[2], "the base");
	test_delta_begin(&code, blobs[0].content.n, 8);
	test_delta_copy(&code, 0, 8);
	test_pack_ref_delta(
		&pack, &blobs[0].oid, ks_buf_span(&code), &blobs[2].oid);
	for (int version = 1; version <= 2; version++) {
		struct test_pack copy = pack;

		copy.bytes = (struct ks_buf){ 0 };
		assert_int_equal(
			ks_buf_add(&copy.bytes, pack.bytes.p, pack.bytes.n),
			KS_OK);
		test_pack_write(&copy, dir, "x", version);
		assert_int_equal(walk(dir, 1, &seen, 1 << 20), 0);
		assert_int_equal(seen.visits, 3);
		assert_int_equal(seen.wrong, 0);
		for (int i = 0; i < 3; i++)
			assert_true(has(&seen.visited, &blobs[i].oid));
		assert_int_equal(seen.declined.count, 0);
		forget(&seen);
		ks_buf_release(&copy.bytes);
	}
	for (int i = 0; i < 3; i++)
		ks_buf_release(&blobs[i].content);
	ks_buf_release(&code);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

static void test_walk__visits_an_object_of_two_packs_once(void **state)
{
	char *dir = test_dir_new();
	struct test_pack first = { 0 };
	struct test_pack second = { 0 };
	struct blob blobs[2] = { 0 };
	struct seen seen;
	size_t root;

	(void)state;
	blob_set(&blobs[0], "in both");
	test_pack_full(&first, 3, ks_buf_span(&blobs[0].content));
	root = test_pack_full(&second, 3, ks_buf_span(&blobs[0].content));
	add_longer(&second, root, &blobs[0], &blobs[1], " or not");
	test_pack_write(&first, dir, "a", 2);
	test_pack_write(&second, dir, "b", 2);
	walk(dir, 2, &seen, 1 << 20);
	assert_int_equal(seen.visits, 2);
	assert_int_equal(seen.wrong, 0);
	forget(&seen);
	for (int i = 0; i < 2; i++)
		ks_buf_release(&blobs[i].content);
	test_pack_release(&first);
	test_pack_release(&second);
	test_dir_remove(dir);
}

/* A chain of deltas as long as no git writes: it must not recurse. */
static void test_walk__follows_a_chain_of_50000(void **state)
{
	enum {
		LENGTH = 50000
	};
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob blobs[2] = { 0 };
	struct ks_buf code = { 0 };
	struct seen seen;
	size_t entry;
	char text[32];

	(void)state;
	snprintf(text, sizeof(text), "blob %08d", 0);
	blob_set(&blobs[0], text);
	entry = test_pack_full(&pack, 3, ks_buf_span(&blobs[0].content));
	for (int i = 1; i < LENGTH; i++) {
		snprintf(text, sizeof(text), "blob %08d", i);
		blob_set(&blobs[1], text);
		test_delta_begin(&code, 13, 13);
		test_delta_copy(&code, 0, 5);
		test_delta_insert(&code, ks_span_str(text + 5));
		entry = test_pack_ofs_delta(
			&pack, entry, ks_buf_span(&code), &blobs[1].oid);
	}
	test_pack_write(&pack, dir, "x", 2);
	walk(dir, 2, &seen, 1 << 20);
	assert_int_equal(seen.visits, LENGTH);
	assert_int_equal(seen.wrong, 0);
	forget(&seen);
	for (int i = 0; i < 2; i++)
		ks_buf_release(&blobs[i].content);
	ks_buf_release(&code);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

static void test_walk__visits_100000_children(void **state)
{
	enum {
		CHILDREN = 100000
	};
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob root = { 0 };
	struct blob child = { 0 };
	struct seen seen;
	char text[32];

	(void)state;
	blob_set(&root, "root");
	test_pack_full(&pack, 3, ks_buf_span(&root.content));
	for (int i = 0; i < CHILDREN; i++) {
		snprintf(text, sizeof(text), " %d", i);
		add_longer(&pack, 0, &root, &child, text);
	}
	test_pack_write(&pack, dir, "x", 2);
	walk(dir, 2, &seen, 1 << 20);
	assert_int_equal(seen.visits, CHILDREN + 1);
	assert_int_equal(seen.wrong, 0);
	forget(&seen);
	ks_buf_release(&root.content);
	ks_buf_release(&child.content);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

static void test_walk__declines_cycles_of_ref_deltas(void **state)
{
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob blobs[3] = { 0 };
	struct ks_buf code = { 0 };
	struct seen seen;

	(void)state;
	for (int i = 0; i < 3; i++)
		blob_set(&blobs[i], i == 0 ? "one" : i == 1 ? "two" : "ok!");
	test_delta_begin(&code, 3, 3);
	test_delta_copy(&code, 0, 3);
	test_pack_ref_delta(
		&pack, &blobs[1].oid, ks_buf_span(&code), &blobs[0].oid);
	test_pack_ref_delta(
		&pack, &blobs[0].oid, ks_buf_span(&code), &blobs[1].oid);
	test_pack_full(&pack, 3, ks_buf_span(&blobs[2].content));
	test_pack_write(&pack, dir, "x", 2);
	walk(dir, 1, &seen, 1 << 20);
	assert_int_equal(seen.visits, 1);
	assert_int_equal(seen.declined.count, 2);
	assert_non_null(strstr(seen.why, "cycle"));
	forget(&seen);
	for (int i = 0; i < 3; i++)
		ks_buf_release(&blobs[i].content);
	ks_buf_release(&code);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

/* One bad entry beside a good one, and a delta against the bad one. */
static void expect_declined(uint64_t size, bool break_data, const char *why)
{
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob blobs[3] = { 0 };
	struct seen seen;
	size_t bad;
	uint64_t offset;

	blob_set(&blobs[0], "the bad one");
	blob_set(&blobs[1], "the good one");
	bad = test_pack_entry(&pack, 3, size, 0, NULL,
		ks_buf_span(&blobs[0].content), &blobs[0].oid);
	add_longer(&pack, bad, &blobs[0], &blobs[2], "!");
	test_pack_full(&pack, 3, ks_buf_span(&blobs[1].content));
	offset = pack.entries[bad].offset;
	if (break_data)
		pack.bytes.p[offset + 6] ^= 0x10;
	test_pack_write(&pack, dir, "x", 2);
	walk(dir, 1, &seen, 1 << 20);
	assert_int_equal(seen.visits, 1);
	assert_true(has(&seen.visited, &blobs[1].oid));
	assert_true(has(&seen.declined, &blobs[0].oid));
	assert_true(has(&seen.declined, &blobs[2].oid));
	if (!strstr(seen.why, why))
		fail_msg("'%s' is not in '%s'", why, seen.why);
	forget(&seen);
	for (int i = 0; i < 3; i++)
		ks_buf_release(&blobs[i].content);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

static void test_walk__declines_bad_entries_and_their_deltas(void **state)
{
	(void)state;
	expect_declined(UINT64_C(1) << 60, false, "over the limit");
	expect_declined(1 << 19, false, "size cannot be right");
	expect_declined(10, false, "not the size it should have");
	expect_declined(12, false, "not the size it should have");
	expect_declined(11, true, "checksum of the index");
}

static void test_walk__skips_a_pack_that_is_none(void **state)
{
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct blob blob = { 0 };
	struct seen seen;

	(void)state;
	blob_set(&blob, "content");
	test_pack_full(&pack, 3, ks_buf_span(&blob.content));
	test_pack_write(&pack, dir, "good", 2);
	test_file_write(dir, "pack/pack-bad.pack", ks_span_str("PACKAGE"));
	test_file_write(dir, "pack/pack-bad.idx", ks_span_str("INDEX"));
	test_file_write(dir, "pack/pack-worse.pack", ks_span_str(""));
	assert_int_equal(walk(dir, 1, &seen, 1 << 20), 2);
	assert_int_equal(seen.visits, 1);
	forget(&seen);
	ks_buf_release(&blob.content);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

static void test_reader__reads_what_the_walk_visits(void **state)
{
	char *dir = test_dir_new();
	const char *dirs[] = { dir };
	struct test_pack pack = { 0 };
	struct blob blobs[40] = { 0 };
	struct ks_reader *reader;
	struct ks_store store;
	size_t entry;
	size_t skipped = 0;
	char text[32];

	(void)state;
	blob_set(&blobs[0], "start");
	entry = test_pack_full(&pack, 3, ks_buf_span(&blobs[0].content));
	for (int i = 1; i < 40; i++) {
		snprintf(text, sizeof(text), " and %d", i);
		entry = add_longer(
			&pack, entry, &blobs[i - 1], &blobs[i], text);
	}
	test_pack_write(&pack, dir, "x", 2);
	assert_int_equal(ks_store_open(&store, dirs, 1, KS_OID_SHA1, on_skip,
				 &skipped, NULL),
		KS_OK);
	for (size_t cache = 0; cache <= 1 << 16; cache += 1 << 10) {
		assert_int_equal(
			ks_reader_new(&reader, &store, cache, 0, NULL), KS_OK);
		for (int i = 39; i >= 0; i -= 3) {
			enum ks_object_type type;
			struct ks_span bytes;

			assert_int_equal(ks_reader_read(reader, &blobs[i].oid,
						 1 << 20, &type, &bytes, NULL),
				KS_OK);
			assert_int_equal(type, KS_OBJECT_BLOB);
			assert_true(ks_span_eq(
				bytes, ks_buf_span(&blobs[i].content)));
		}
		ks_reader_free(reader);
	}
	ks_store_close(&store);
	for (int i = 0; i < 40; i++)
		ks_buf_release(&blobs[i].content);
	test_pack_release(&pack);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk__visits_full_ofs_and_ref_deltas),
		cmocka_unit_test(test_walk__visits_an_object_of_two_packs_once),
		cmocka_unit_test(test_walk__follows_a_chain_of_50000),
		cmocka_unit_test(test_walk__visits_100000_children),
		cmocka_unit_test(test_walk__declines_cycles_of_ref_deltas),
		cmocka_unit_test(
			test_walk__declines_bad_entries_and_their_deltas),
		cmocka_unit_test(test_walk__skips_a_pack_that_is_none),
		cmocka_unit_test(test_reader__reads_what_the_walk_visits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
