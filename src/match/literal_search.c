/* SPDX-License-Identifier: Apache-2.0 */
/* Stage one for the rules whose anchors have literals. */
#include "match/literal_search.h"

#include "match/literal_filter.h"
#include "rules/follow.h"
#include "rules/literal.h"

#include <stdlib.h>

enum {
	HASH_BITS = 16,
	GROUPS = 4096, /* more than there are keys, or chains get long */
	CHUNK = 32     /* blocks that are filtered at once */
};

#define LOWER UINT32_C(0x20202020)
#define NONE UINT32_MAX

/* A literal of a rule; those of one key stand side by side. */
struct entry {
	struct ks_literal literal;
	uint32_t rule;
	uint32_t key; /* its window; of three bytes: the top one is 0 */
	enum ks_filter_case which;
};

/* The entries of one key. */
struct group {
	uint32_t key;
	uint32_t first;
	uint32_t count;
	uint32_t next; /* group of the same hash, or NONE */
};

/* All keys that are compared in one way. */
struct keys {
	uint64_t bits[(1 << HASH_BITS) / 64]; /* hashes of keys */
	uint32_t heads[GROUPS];               /* groups by hash, or NONE */
};

struct ks_literal_search {
	struct ks_literal_filter filter;
	struct keys keys[KS_FILTER_CASES];
	struct group *groups;
	struct entry *entries;
	uint32_t count; /* of entries */
};

/* Multiplicative, by an odd number near 2^32 / golden ratio. */
static uint32_t hash_of(uint32_t key)
{
	return key * UINT32_C(0x9e3779b1) >> (32 - HASH_BITS);
}

static uint32_t load_key(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static uint32_t without_last(uint32_t key)
{
	return key & UINT32_C(0x00ffffff);
}

static struct entry make_entry(const struct ks_literal *literal, uint32_t rule)
{
	struct entry entry = { .literal = *literal, .rule = rule };
	uint8_t bytes[4] = { 0 };

	memcpy(bytes, literal->value + literal->window, literal->window_size);
	for (size_t i = 0; i < literal->window_size; i++) {
		if (literal->mask[literal->window + i] != 0xff)
			entry.which = KS_FILTER_CASELESS;
	}
	entry.key = load_key(bytes);
	if (entry.which == KS_FILTER_CASELESS)
		entry.key |= LOWER;
	if (literal->window_size < KS_LITERAL_WINDOW)
		entry.key = without_last(entry.key);
	return entry;
}

/* So that what is in one bucket is alike, and of one key side by side. */
static int by_key(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;

	if (left->which != right->which)
		return left->which < right->which ? -1 : 1;
	if (left->literal.window_size != right->literal.window_size)
		return left->literal.window_size > right->literal.window_size
			       ? -1
			       : 1;
	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->rule > right->rule) - (left->rule < right->rule);
}

static void add_to_filter(struct ks_literal_filter *filter,
	const struct entry *entry, uint32_t bucket)
{
	const uint8_t bytes[4] = { (uint8_t)entry->key,
		(uint8_t)(entry->key >> 8), (uint8_t)(entry->key >> 16),
		(uint8_t)(entry->key >> 24) };

	ks_literal_filter_add(
		filter, bytes, entry->literal.window_size, bucket);
}

static void add_group(struct ks_literal_search *search, uint32_t number)
{
	struct group *group = &search->groups[number];
	struct keys *keys = &search->keys[search->entries[group->first].which];
	const uint32_t hash = hash_of(group->key);

	keys->bits[hash / 64] |= UINT64_C(1) << hash % 64;
	group->next = keys->heads[hash % GROUPS];
	keys->heads[hash % GROUPS] = number;
}

static bool is_same_group(const struct entry *a, const struct entry *b)
{
	return a->which == b->which && a->key == b->key &&
	       a->literal.window_size == b->literal.window_size;
}

/* Deal the groups [${from}, ${to}) into the buckets [${first}, ${last}). */
static void deal(struct ks_literal_search *search, uint32_t from, uint32_t to,
	uint32_t first, uint32_t last)
{
	for (uint32_t i = from; i < to; i++)
		add_to_filter(&search->filter,
			&search->entries[search->groups[i].first],
			first + (i - from) * (last - first) / (to - from));
}

static void make_groups(struct ks_literal_search *search)
{
	const uint32_t exact = KS_FILTER_EXACT_SETS * KS_FILTER_BUCKETS;
	uint32_t counts[KS_FILTER_CASES] = { 0 };
	uint32_t count = 0;

	for (uint32_t i = 0; i < search->count; i++) {
		const struct entry *entry = &search->entries[i];

		if (i == 0 || !is_same_group(entry - 1, entry)) {
			search->groups[count++] =
				(struct group){ .key = entry->key, .first = i };
			counts[entry->which]++;
		}
		search->groups[count - 1].count++;
	}
	for (uint32_t i = 0; i < count; i++)
		add_group(search, i);
	deal(search, 0, counts[KS_FILTER_EXACT], 0, exact);
	deal(search, counts[KS_FILTER_EXACT], count, exact,
		KS_FILTER_SETS * KS_FILTER_BUCKETS);
}

static uint32_t gather(struct entry *entries, const struct ks_rules *rules,
	const uint8_t *wanted)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < rules->count; i++) {
		const struct ks_rule *rule = &rules->list[i];

		for (uint32_t j = 0; wanted[i] && j < rule->literal_count;
			j++, count++) {
			if (entries)
				entries[count] =
					make_entry(&rule->literals[j], i);
		}
	}
	return count;
}

int ks_literal_search_new(struct ks_literal_search **out,
	const struct ks_rules *rules, const uint8_t *wanted)
{
	const uint32_t count = gather(NULL, rules, wanted);
	struct ks_literal_search *search;

	*out = NULL;
	if (count == 0)
		return KS_OK;
	search = aligned_alloc(_Alignof(struct ks_literal_search),
		sizeof(struct ks_literal_search));
	if (!search)
		return KS_E_NOMEM;
	memset(search, 0, sizeof(*search));
	search->count = count;
	search->entries = calloc(count, sizeof(*search->entries));
	search->groups = calloc(count, sizeof(*search->groups));
	if (!search->entries || !search->groups) {
		ks_literal_search_free(search);
		return KS_E_NOMEM;
	}
	gather(search->entries, rules, wanted);
	qsort(search->entries, count, sizeof(*search->entries), by_key);
	for (size_t i = 0; i < KS_FILTER_CASES; i++)
		memset(search->keys[i].heads, 0xff,
			sizeof(search->keys[i].heads));
	make_groups(search);
	*out = search;
	return KS_OK;
}

void ks_literal_search_free(struct ks_literal_search *search)
{
	if (!search)
		return;
	free(search->groups);
	free(search->entries);
	free(search);
}

/* A run over one text. */
struct run {
	const struct ks_literal_search *search;
	struct ks_span text;
	ks_literal_found *found;
	void *payload;
};

static uint64_t load_masked(const uint8_t *p, const uint8_t *mask)
{
	uint64_t bytes;
	uint64_t bits;

	memcpy(&bytes, p, sizeof(bytes));
	memcpy(&bits, mask, sizeof(bits));
	return bytes & bits;
}

static uint64_t load(const uint8_t *p)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return bytes;
}

/* Does ${literal} stand at ${at}? There is room for it. */
static bool is_there(
	const struct ks_literal *literal, struct ks_span text, size_t at)
{
	const uint8_t *p = text.p + at;

	if (text.n - at >= KS_LITERAL_BYTES)
		return load_masked(p, literal->mask) == load(literal->value) &&
		       load_masked(p + 8, literal->mask + 8) ==
			       load(literal->value + 8);
	for (size_t i = 0; i < literal->n; i++) {
		if ((p[i] & literal->mask[i]) != literal->value[i])
			return false;
	}
	return true;
}

/* The window of ${entry} is at ${at}. False: stop. */
static bool try_entry(
	const struct run *run, const struct entry *entry, size_t at)
{
	const struct ks_literal *literal = &entry->literal;
	const size_t before = literal->window;
	const size_t n = run->text.n;

	if (at < before + literal->offset || at - before > n ||
		n - (at - before) < literal->n ||
		!is_there(literal, run->text, at - before))
		return true;
	at -= before;
	if (literal->follow &&
		!ks_follow_begins(literal->follow,
			ks_span_cut(run->text, at + literal->n, n)))
		return true;
	return run->found(run->payload, entry->rule, at - literal->offset);
}

/* ${key} is at ${at}, and its hash is one of those there are. */
static bool try_key(
	const struct run *run, const struct keys *keys, uint32_t key, size_t at)
{
	const struct ks_literal_search *search = run->search;
	uint32_t i = keys->heads[hash_of(key) % GROUPS];

	while (i != NONE && search->groups[i].key != key)
		i = search->groups[i].next;
	for (uint32_t j = 0; i != NONE && j < search->groups[i].count; j++) {
		if (!try_entry(run,
			    &search->entries[search->groups[i].first + j], at))
			return false;
	}
	return true;
}

static bool has_hash(const struct keys *keys, uint32_t key)
{
	const uint32_t hash = hash_of(key);

	return keys->bits[hash / 64] >> hash % 64 & 1;
}

/* The ${places} of a block at ${p}, which is text.p + ${at} or a copy. */
static bool try_places(const struct run *run, enum ks_filter_case which,
	uint64_t places, const uint8_t *p, size_t at)
{
	const struct keys *keys = &run->search->keys[which];

	for (; places; places &= places - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(places);
		const uint32_t bytes = load_key(p + i);
		const uint32_t key =
			which == KS_FILTER_CASELESS ? bytes | LOWER : bytes;
		const uint32_t shorter = without_last(key);

		if (has_hash(keys, key) && !try_key(run, keys, key, at + i))
			return false;
		if (has_hash(keys, shorter) &&
			!try_key(run, keys, shorter, at + i))
			return false;
	}
	return true;
}

static bool try_blocks(
	const struct run *run, const uint8_t *p, size_t blocks, size_t at)
{
	struct ks_filter_places places[CHUNK];

	ks_literal_filter_run(&run->search->filter, p, blocks, places);
	for (size_t i = 0; i < blocks; i++) {
		const size_t block = i * KS_FILTER_BLOCK;

		if (!try_places(run, KS_FILTER_EXACT,
			    places[i].bits[KS_FILTER_EXACT], p + block,
			    at + block) ||
			!try_places(run, KS_FILTER_CASELESS,
				places[i].bits[KS_FILTER_CASELESS], p + block,
				at + block))
			return false;
	}
	return true;
}

/* The last places: with zeroes behind them. */
static bool try_rest(const struct run *run, size_t at)
{
	uint8_t copy[2 * KS_FILTER_BLOCK + KS_FILTER_BEHIND] = { 0 };
	const size_t n = run->text.n - at;

	if (n == 0)
		return true;
	memcpy(copy, run->text.p + at, n);
	return try_blocks(
		run, copy, (n + KS_FILTER_BLOCK - 1) / KS_FILTER_BLOCK, at);
}

bool ks_literal_search_run(const struct ks_literal_search *search,
	struct ks_span text, ks_literal_found *found, void *payload)
{
	const struct run run = { search, text, found, payload };
	size_t at = 0;

	while (text.n - at >= KS_FILTER_BLOCK + KS_FILTER_BEHIND) {
		size_t blocks =
			(text.n - at - KS_FILTER_BEHIND) / KS_FILTER_BLOCK;

		if (blocks > CHUNK)
			blocks = CHUNK;
		if (!try_blocks(&run, text.p + at, blocks, at))
			return false;
		at += blocks * KS_FILTER_BLOCK;
	}
	return try_rest(&run, at);
}
