/* SPDX-License-Identifier: Apache-2.0 */
/* Base minus what is gone plus what is told makes the tree. */
#include "lib/check.h"

#include "history.h"
#include "lib/packs.h"
#include "provenance/tree_news.h"

#include <stdlib.h>

enum {
	HASH = 20,
	ENTRIES_MAX = 4096
};

/* Entries, borrowed from trees. */
struct entries {
	struct ks_tree_entry list[ENTRIES_MAX];
	uint32_t starts[ENTRIES_MAX]; /* set by parse() */
	size_t count;
};

/* What ks_tree_news() told. */
struct news {
	struct entries told;
	struct entries gone;
};

static void add_entry(
	struct ks_buf *tree, const char *mode, uint32_t name, uint32_t id)
{
	uint8_t bytes[HASH] = { 0 };

	memcpy(bytes, &id, sizeof(id));
	assert_int_equal(ks_buf_printf(tree, "%s file-%u", mode, name), KS_OK);
	assert_int_equal(ks_buf_add_byte(tree, 0), KS_OK);
	assert_int_equal(ks_buf_add(tree, bytes, HASH), KS_OK);
}

static void put(struct entries *entries, const struct ks_tree_entry *entry)
{
	assert_true(entries->count < ENTRIES_MAX);
	entries->list[entries->count++] = *entry;
}

static int hear(void *payload, const struct ks_tree_entry *entry, bool is_gone)
{
	struct news *news = payload;

	put(is_gone ? &news->gone : &news->told, entry);
	return KS_OK;
}

/* All entries of ${tree}; false if it is no tree. */
static bool parse(struct entries *out, struct ks_span tree)
{
	struct ks_tree_iter iter = ks_tree_iter_of(tree, HASH);
	struct ks_tree_entry entry;
	int rc;

	out->count = 0;
	do {
		out->starts[out->count] = (uint32_t)(iter.p - tree.p);
		rc = ks_tree_next(&iter, &entry);
		if (rc > 0)
			put(out, &entry);
	} while (rc > 0);
	return rc == 0;
}

static int by_entry(const void *a, const void *b)
{
	const struct ks_tree_entry *left = a;
	const struct ks_tree_entry *right = b;
	int order = memcmp(left->id, right->id, HASH);

	if (order)
		return order;
	if (left->mode != right->mode)
		return left->mode < right->mode ? -1 : 1;
	if (left->name.n != right->name.n)
		return left->name.n < right->name.n ? -1 : 1;
	return memcmp(left->name.p, right->name.p, left->name.n);
}

static void sort(struct entries *entries)
{
	if (entries->count)
		qsort(entries->list, entries->count, sizeof(*entries->list),
			by_entry);
}

/* Base + told == child + gone, each as often. */
static void check_sum(const struct entries *base, const struct entries *child,
	const struct news *news)
{
	static struct entries left;
	static struct entries right;

	left = *base;
	right = *child;
	for (size_t i = 0; i < news->told.count; i++)
		left.list[left.count++] = news->told.list[i];
	for (size_t i = 0; i < news->gone.count; i++)
		right.list[right.count++] = news->gone.list[i];
	sort(&left);
	sort(&right);
	assert_int_equal(left.count, right.count);
	for (size_t i = 0; i < left.count; i++)
		assert_int_equal(by_entry(&left.list[i], &right.list[i]), 0);
}

/* What is told comes in the order of the tree. */
static void check_order(const struct entries *child, const struct news *news)
{
	size_t at = 0;

	for (size_t i = 0; i < news->told.count; i++) {
		while (at < child->count &&
			child->list[at].id != news->told.list[i].id)
			at++;
		assert_true(at < child->count);
	}
}

static void check_starts(
	const struct ks_tree_starts *starts, const struct entries *child)
{
	assert_true(starts->is_whole);
	assert_int_equal(starts->count, child->count);
	if (child->count)
		assert_memory_equal(starts->list, child->starts,
			child->count * sizeof(*child->starts));
}

static void add_again(struct ks_buf *out, const struct ks_tree_entry *entry)
{
	assert_int_equal(ks_buf_printf(out, "%o %.*s", entry->mode,
				 (int)entry->name.n, entry->name.p),
		KS_OK);
	assert_int_equal(ks_buf_add_byte(out, 0), KS_OK);
	assert_int_equal(ks_buf_add(out, entry->id, HASH), KS_OK);
}

/* A random tree that has much of ${base}, or any if that is empty. */
static void random_tree(
	uint64_t *random, struct ks_buf *out, const struct entries *base)
{
	uint32_t news = base->count ? 1 + history_random(random, 3)
				    : history_random(random, 40);
	bool is_odd = history_random(random, 3) == 0;

	ks_buf_reset(out);
	for (size_t i = 0; i < base->count && out->n < 20000; i++) {
		size_t from = i;

		if (is_odd)
			from = history_random(random, (uint32_t)base->count);
		if (history_random(random, 12) == 0)
			continue;
		if (history_random(random, 12) == 0)
			add_entry(out, "100644", history_random(random, 30),
				history_random(random, 9));
		else
			add_again(out, &base->list[from]);
	}
	for (; news > 0; news--)
		add_entry(out, history_random(random, 2) ? "40000" : "100755",
			history_random(random, 1000),
			history_random(random, 9));
}

/* How many bytes ${a} and ${b} begin with alike. */
static size_t common(struct ks_span a, struct ks_span b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

/* Some delta from ${base} to ${child}: seams anywhere, copies by chance. */
static void random_delta(uint64_t *random, struct ks_buf *code,
	struct ks_span base, struct ks_span child)
{
	size_t at = 0;
	size_t next = 0; /* where the base goes on after the last copy */

	ks_buf_reset(code);
	test_delta_begin(code, base.n, child.n);
	while (at < child.n) {
		struct ks_span rest = ks_span_cut(child, at, child.n);
		size_t best = 0;
		size_t from = 0;

		for (int tries = 0; tries < 40 && base.n; tries++) {
			size_t offset =
				tries ? history_random(random, (uint32_t)base.n)
				      : next;
			size_t n =
				common(rest, ks_span_cut(base, offset, base.n));

			if (n > best) {
				best = n;
				from = offset;
			}
		}
		if (best > 3 && history_random(random, 10) > 0) {
			if (history_random(random, 4) == 0)
				best = 1 +
				       history_random(random, (uint32_t)best);
			test_delta_copy(code, from, best);
			next = from + best;
		} else {
			best = 1 + history_random(random, 20);
			if (best > rest.n)
				best = rest.n;
			test_delta_insert(code, ks_span_cut(rest, 0, best));
			next = next + best < base.n ? next + best : 0;
		}
		at += best;
	}
}

static void apply(struct ks_delta *delta, const struct ks_buf *code,
	struct ks_span base, struct ks_span child)
{
	uint8_t *bytes = malloc(child.n + 1);

	assert_non_null(bytes);
	assert_int_equal(ks_delta_apply(delta, bytes, child.n, base,
				 ks_buf_span(code), NULL),
		KS_OK);
	assert_memory_equal(bytes, child.p ? child.p : bytes, child.n);
	free(bytes);
}

struct chain {
	uint64_t random;
	struct ks_buf trees[2]; /* the base and the child, in turn */
	struct ks_tree_starts starts[2];
	struct ks_delta delta;
	struct ks_buf code;
	struct news news;
	struct entries base;
	struct entries child;
	size_t told;
	size_t read;
};

/* Read tree ${now} as a delta against the other; returns what that gave. */
static int read_next(struct chain *chain, int now)
{
	struct ks_span raw = ks_buf_span(&chain->trees[now]);
	struct ks_tree_base base = { .delta = &chain->delta,
		.starts = &chain->starts[!now],
		.raw = ks_buf_span(&chain->trees[!now]) };

	random_delta(&chain->random, &chain->code, base.raw, raw);
	apply(&chain->delta, &chain->code, base.raw, raw);
	chain->news.told.count = 0;
	chain->news.gone.count = 0;
	return ks_tree_news(&chain->starts[now], raw, HASH, &base, hear,
		&chain->news, NULL);
}

static void begin(struct chain *chain, uint64_t seed)
{
	struct ks_tree_base none = { 0 };

	chain->random = seed;
	chain->base.count = 0;
	random_tree(&chain->random, &chain->trees[0], &chain->base);
	chain->news.told.count = 0;
	assert_int_equal(
		ks_tree_news(&chain->starts[0], ks_buf_span(&chain->trees[0]),
			HASH, &none, hear, &chain->news, NULL),
		KS_OK);
	assert_true(parse(&chain->base, ks_buf_span(&chain->trees[0])));
	check_order(&chain->base, &chain->news);
	assert_int_equal(chain->news.told.count, chain->base.count);
	check_starts(&chain->starts[0], &chain->base);
}

static void end(struct chain *chain)
{
	for (int i = 0; i < 2; i++) {
		ks_buf_release(&chain->trees[i]);
		ks_tree_starts_release(&chain->starts[i]);
	}
	ks_delta_release(&chain->delta);
	ks_buf_release(&chain->code);
}

static void test_tree_news__adds_up_to_the_tree(void **state)
{
	static struct chain chain;

	(void)state;
	for (uint64_t seed = 0; seed < 400; seed++) {
		begin(&chain, seed);
		for (int i = 1; i < 20; i++) {
			int now = i % 2;
			struct ks_buf *tree = &chain.trees[now];

			random_tree(&chain.random, tree, &chain.base);
			assert_true(parse(&chain.child, ks_buf_span(tree)));
			assert_int_equal(read_next(&chain, now), KS_OK);
			check_sum(&chain.base, &chain.child, &chain.news);
			check_order(&chain.child, &chain.news);
			check_starts(&chain.starts[now], &chain.child);
			chain.told += chain.news.told.count;
			chain.read += chain.child.count;
			chain.base = chain.child;
		}
	}
	/* Much is copied: else it was read all over. */
	print_message("# %zu of %zu told\n", chain.told, chain.read);
	assert_true(chain.told < chain.read * 3 / 4);
	end(&chain);
}

/* Bytes that are no tree are found out, whatever was copied. */
static void test_tree_news__finds_corrupt_trees_out(void **state)
{
	static struct chain chain;
	size_t corrupt = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct ks_buf *tree = &chain.trees[1];
		bool is_tree;

		begin(&chain, seed);
		random_tree(&chain.random, tree, &chain.base);
		if (tree->n == 0)
			continue;
		if (seed % 2)
			tree->n = history_random(
				&chain.random, (uint32_t)tree->n);
		else
			tree->p[history_random(
				&chain.random, (uint32_t)tree->n)] =
				(uint8_t)history_random(&chain.random, 256);
		is_tree = parse(&chain.child, ks_buf_span(tree));
		corrupt += !is_tree;
		assert_int_equal(
			read_next(&chain, 1), is_tree ? KS_OK : KS_E_CORRUPT);
		assert_int_equal(chain.starts[1].is_whole, is_tree);
		if (is_tree)
			check_sum(&chain.base, &chain.child, &chain.news);
	}
	assert_true(corrupt > 500);
	end(&chain);
}

/* One changed id: that entry, and no other. */
static void test_tree_news__tells_only_what_changed(void **state)
{
	static struct news news;
	struct ks_tree_starts starts = { 0 };
	struct ks_buf base = { 0 };
	struct ks_buf child = { 0 };
	struct ks_tree_base none = { 0 };
	size_t entry;
	struct ks_delta_piece pieces[3];
	struct ks_delta delta = { .pieces = pieces, .count = 3 };
	struct ks_tree_base from = { &delta, &starts, { NULL, 0 } };

	(void)state;
	for (uint32_t i = 10; i < 90; i++) {
		add_entry(&base, "100644", i, 1);
		add_entry(&child, "100644", i, i == 50 ? 2 : 1);
	}
	entry = base.n / 80;
	pieces[0] = (struct ks_delta_piece){ 0, 41 * entry - HASH, 0 };
	pieces[1] = (struct ks_delta_piece){ 41 * entry - HASH, HASH,
		KS_DELTA_NEW };
	pieces[2] =
		(struct ks_delta_piece){ 41 * entry, 39 * entry, 41 * entry };
	from.raw = ks_buf_span(&base);
	assert_int_equal(ks_tree_news(&starts, ks_buf_span(&base), HASH, &none,
				 hear, &news, NULL),
		KS_OK);
	news.told.count = 0;
	assert_int_equal(ks_tree_news(NULL, ks_buf_span(&child), HASH, &from,
				 hear, &news, NULL),
		KS_OK);
	assert_int_equal(news.told.count, 1);
	assert_int_equal(news.gone.count, 1);
	assert_span_text(news.told.list[0].name, "file-50");
	assert_span_text(news.gone.list[0].name, "file-50");
	assert_int_equal(news.told.list[0].id[0], 2);
	assert_int_equal(news.gone.list[0].id[0], 1);
	ks_buf_release(&base);
	ks_buf_release(&child);
	ks_tree_starts_release(&starts);
}

static int refuse(
	void *payload, const struct ks_tree_entry *entry, bool is_gone)
{
	unsigned *calls = payload;

	(void)entry;
	(void)is_gone;
	return ++*calls == 3 ? KS_E_INTERRUPTED : KS_OK;
}

static void test_tree_news__ends_when_told_to(void **state)
{
	struct ks_tree_starts starts = { 0 };
	struct ks_tree_base none = { 0 };
	struct ks_buf tree = { 0 };
	unsigned calls = 0;

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		add_entry(&tree, "100644", i, 1);
	assert_int_equal(ks_tree_news(&starts, ks_buf_span(&tree), HASH, &none,
				 refuse, &calls, NULL),
		KS_E_INTERRUPTED);
	assert_int_equal(calls, 3);
	assert_false(starts.is_whole);
	ks_buf_release(&tree);
	ks_tree_starts_release(&starts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree_news__adds_up_to_the_tree),
		cmocka_unit_test(test_tree_news__finds_corrupt_trees_out),
		cmocka_unit_test(test_tree_news__tells_only_what_changed),
		cmocka_unit_test(test_tree_news__ends_when_told_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
