/* SPDX-License-Identifier: Apache-2.0 */
/* Random histories: the same answer as the slow and plain way gives. */
#include "history.h"
#include "naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

enum {
	ROUNDS = 400,
	FILES_MAX = 8,
	LABELS = 30
};

static const char *const NAMES[] = { "refs/heads/a", "refs/heads/b",
	"refs/heads/c", "refs/tags/t", "refs/notes/n", "" };

/* A snapshot: few names and labels, so that much is shared and moved. */
static struct ks_oid random_tree(struct history *h, uint64_t *state)
{
	static const char *const paths[] = { "a/a/x", "a/a/y", "a/b/x", "a/c",
		"a.b", "a-b/x", "b/a/x", "b/a/y", "b/x", "c", "d/x", "d/y",
		"01/23456789abcdef0123456789abcdef01234567",
		"89/23456789abcdef0123456789abcdef01234567" };
	struct history_file files[FILES_MAX];
	char text[FILES_MAX][64];
	size_t count = 0;
	size_t at = history_random(state, 3);

	while (count < FILES_MAX && at < sizeof(paths) / sizeof(*paths)) {
		char label[16];

		snprintf(label, sizeof(label), "%u",
			history_random(state, LABELS));
		snprintf(text[count], sizeof(text[count]), "%s", paths[at]);
		files[count].path = text[count];
		files[count++].oid = history_blob(h, label);
		at += 1 + history_random(state, 5);
	}
	return history_snapshot(h, files, count);
}

static const struct ks_oid *random_commit(
	const struct history *h, uint64_t *state)
{
	if (h->commit_count == 0 || history_random(state, 8) == 0)
		return NULL;
	return &h->commits[history_random(state, (uint32_t)h->commit_count)];
}

static void add_commits(struct history *h, uint64_t *state)
{
	uint32_t count = 1 + history_random(state, 14);

	for (uint32_t i = 0; i < count; i++) {
		struct ks_oid tree = random_tree(h, state);
		const struct ks_oid *first = random_commit(h, state);
		const struct ks_oid *second =
			first && history_random(state, 3) == 0
				? random_commit(h, state)
				: NULL;
		struct ks_oid parents[2];

		/* They lie in an array that may move. */
		if (first)
			parents[0] = *first;
		if (second)
			parents[1] = *second;
		history_commit_tree(h, history_random(state, 6), &tree,
			first ? &parents[0] : NULL,
			second ? &parents[1] : NULL);
	}
}

static void add_tips(struct history *h, uint64_t *state)
{
	uint32_t count = history_random(state, 7);

	for (uint32_t i = 0; i < count; i++) {
		const struct ks_oid *oid = random_commit(h, state);

		if (oid)
			history_tip(h, NAMES[history_random(state, 6)], oid);
	}
	if (h->tip_count > 0 && history_random(state, 2))
		history_tip(h, "HEAD", &h->tips[0].oid);
	if (history_random(state, 4) == 0) {
		char label[16];
		struct ks_oid blob;

		snprintf(label, sizeof(label), "%u",
			history_random(state, LABELS));
		blob = history_blob(h, label);
		history_tip(h, "refs/tags/blob", &blob);
	}
}

/* Lose a commit and some trees, now and then. */
static void lose_some(struct history *h, uint64_t *state)
{
	for (size_t i = 0; i < h->count; i++) {
		struct history_object *object = &h->objects[i];

		if (object->type != KS_OBJECT_BLOB &&
			history_random(state, 20) == 0)
			object->is_missing = true;
	}
}

static void assert_same(const struct history *h, const struct ks_origin *got,
	const struct naive *want)
{
	struct ks_oid commit = history_found(h, got);

	assert_memory_equal(&commit, &want->commit, sizeof(commit));
	assert_int_equal(got->path != NULL, want->has_path);
	if (want->has_path)
		assert_string_equal(got->path, want->path);
	assert_int_equal(got->head_path != NULL, want->has_head_path);
	if (want->has_head_path)
		assert_string_equal(got->head_path, want->head_path);
	assert_int_equal(got->is_reachable, want->is_reachable);
	assert_int_equal(got->is_note, want->is_note);
	assert_int_equal(got->branch_count, want->branch_count);
	if (want->branch_count)
		assert_memory_equal(got->branches, want->branches,
			want->branch_count * sizeof(uint32_t));
}

/* All blobs and trees that a random history has. */
static size_t all_wanted(const struct history *h, struct ks_origin *origins)
{
	size_t count = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (h->objects[i].type != KS_OBJECT_COMMIT)
			origins[count++].oid = h->objects[i].oid;
	}
	return count;
}

static void compare(struct history *h, unsigned seed)
{
	struct ks_origin *origins = calloc(h->count + 1, sizeof(*origins));
	size_t count;

	assert_non_null(origins);
	count = all_wanted(h, origins);
	assert_int_equal(history_find(h, origins, count, seed), 0);
	for (size_t i = 0; i < count; i++) {
		struct naive want;

		naive_find(&want, h, &origins[i].oid);
		assert_same(h, &origins[i], &want);
	}
	for (size_t i = 0; i < h->count; i++)
		assert_true(h->objects[i].reads <= 1);
	free(origins);
}

static void test_origin__agrees_with_the_plain_way(void **state)
{
	(void)state;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		struct history *h = history_new();
		uint64_t random = round;

		add_commits(h, &random);
		add_tips(h, &random);
		if (round % 3 == 0)
			lose_some(h, &random);
		compare(h, round);
		history_free(h);
	}
}

/* One question at a time ends the walk early; the answer is the same. */
static void test_origin__does_not_depend_on_what_else_is_wanted(void **state)
{
	(void)state;
	for (unsigned round = 1; round <= ROUNDS / 30; round++) {
		struct history *h = history_new();
		uint64_t random = round;

		add_commits(h, &random);
		add_tips(h, &random);
		for (size_t i = 0; i < h->count; i++) {
			struct ks_origin origin = { .oid = h->objects[i].oid };
			struct naive want;

			if (h->objects[i].type == KS_OBJECT_COMMIT)
				continue;
			assert_int_equal(history_find(h, &origin, 1, round), 0);
			naive_find(&want, h, &origin.oid);
			assert_same(h, &origin, &want);
		}
		history_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_origin__agrees_with_the_plain_way),
		cmocka_unit_test(
			test_origin__does_not_depend_on_what_else_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
