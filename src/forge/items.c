/* SPDX-License-Identifier: Apache-2.0 */
/* The repositories of a list, and what belongs together among them. */
#include "forge/items.h"

#include "base/array.h"
#include "forge/place.h"

#include <stdlib.h>

enum {
	FORKS_DEEP = 64 /* a server may say that two stem from each other */
};

static uint64_t whole(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	return value > 0 ? (uint64_t)value : 0;
}

static bool is(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static int add(struct ks_items *items, const json_t *object, struct ks_err *err)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	struct ks_item item = { .id = whole(object, "id"),
		.parent = whole(object, "parent"),
		.size = whole(object, "size"),
		.is_fork = is(object, "fork"),
		.is_archived = is(object, "archived"),
		.is_private = is(object, "private"),
		.is_empty = is(object, "empty"),
		.has_wiki = is(object, "wiki") };

	if (!item.id || !name || !ks_forge_place_is_name(name))
		return ks_fail(err, KS_E_CORRUPT,
			"a repository has no name that makes sense");
	item.name = ks_arena_copy(&items->arena, ks_span_str(name));
	if (!item.name || ks_array_reserve(&items->list, &items->cap,
				  items->count + 1, sizeof(item)) < 0)
		return ks_fail_nomem(err);
	items->list[items->count++] = item;
	return KS_OK;
}

int ks_items_add(struct ks_items *items, const json_t *page, size_t max,
	struct ks_err *err)
{
	const json_t *list = json_object_get(page, "items");
	size_t count = json_array_size(list);
	int rc = KS_OK;

	if (count > max - items->count)
		return ks_fail(
			err, KS_E_LIMIT, "more than %zu repositories", max);
	for (size_t i = 0; rc == KS_OK && i < count; i++)
		rc = add(items, json_array_get(list, i), err);
	return rc;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = ((const struct ks_item *)a)->id;
	uint64_t right = ((const struct ks_item *)b)->id;

	return left < right ? -1 : left > right;
}

void ks_items_sort(struct ks_items *items)
{
	size_t kept = 0;

	if (items->count)
		qsort(items->list, items->count, sizeof(*items->list), compare);
	for (size_t i = 0; i < items->count; i++) {
		if (kept && items->list[kept - 1].id == items->list[i].id)
			kept--;
		items->list[kept++] = items->list[i];
	}
	items->count = kept;
}

static struct ks_item *find(struct ks_items *items, uint64_t id)
{
	struct ks_item key = { .id = id };

	return items->count ? bsearch(&key, items->list, items->count,
				      sizeof(key), compare)
			    : NULL;
}

/* The oldest that it stems from, as far as the list tells. */
static uint64_t root_of(struct ks_items *items, const struct ks_item *item)
{
	uint64_t root = item->id;

	for (int i = 0; item && item->parent && i < FORKS_DEEP; i++) {
		root = item->parent;
		item = find(items, root);
	}
	return root;
}

static int compare_id(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* Is ${root} there twice? */
static bool is_shared(const uint64_t *roots, size_t count, uint64_t root)
{
	const uint64_t *at =
		bsearch(&root, roots, count, sizeof(*roots), compare_id);

	return at && ((at > roots && at[-1] == root) ||
			     (at + 1 < roots + count && at[1] == root));
}

void ks_items_relate(struct ks_items *items)
{
	uint64_t *roots =
		ks_arena_array(&items->arena, items->count, sizeof(*roots));

	if (!roots || items->count == 0)
		return;
	for (size_t i = 0; i < items->count; i++)
		roots[i] = items->list[i].root =
			root_of(items, &items->list[i]);
	qsort(roots, items->count, sizeof(*roots), compare_id);
	for (size_t i = 0; i < items->count; i++) {
		if (!is_shared(roots, items->count, items->list[i].root))
			items->list[i].root = 0;
	}
}

void ks_items_release(struct ks_items *items)
{
	free(items->list);
	ks_arena_release(&items->arena);
	*items = (struct ks_items){ 0 };
}
