/* SPDX-License-Identifier: Apache-2.0 */
/* Many small things that live and die together. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum {
	PAGE_BYTES = 16384
};

struct ks_arena_page {
	struct ks_arena_page *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t bytes[];
};

static struct ks_arena_page *page_new(struct ks_arena *arena, size_t n)
{
	size_t size = n > PAGE_BYTES ? n : PAGE_BYTES;
	struct ks_arena_page *page;

	if (size > SIZE_MAX - sizeof(*page))
		return NULL;
	page = calloc(1, sizeof(*page) + size);
	if (!page)
		return NULL;
	page->size = size;
	page->next = arena->pages;
	arena->pages = page;
	return page;
}

void *ks_arena_alloc(struct ks_arena *arena, size_t n)
{
	struct ks_arena_page *page = arena->pages;
	const size_t align = alignof(max_align_t);
	void *p;

	if (n > SIZE_MAX - align)
		return NULL;
	n = (n + align - 1) / align * align;
	if (!page || page->size - page->used < n)
		page = page_new(arena, n);
	if (!page)
		return NULL;
	p = page->bytes + page->used;
	page->used += n;
	return p;
}

void *ks_arena_array(struct ks_arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return NULL;
	return ks_arena_alloc(arena, count * size);
}

char *ks_arena_copy(struct ks_arena *arena, struct ks_span span)
{
	char *copy;

	if (span.n == SIZE_MAX)
		return NULL;
	copy = ks_arena_alloc(arena, span.n + 1);
	if (copy && span.n)
		memcpy(copy, span.p, span.n);
	return copy;
}

void ks_arena_release(struct ks_arena *arena)
{
	while (arena->pages) {
		struct ks_arena_page *page = arena->pages;

		arena->pages = page->next;
		free(page);
	}
}
