/* SPDX-License-Identifier: Apache-2.0 */
/* Many small things that live and die together. */
#ifndef KS_BASE_ARENA_H
#define KS_BASE_ARENA_H

#include "base/span.h"

struct ks_arena_page;

/* Zero-initialise ({0}); ks_arena_release() frees all that came from it. */
struct ks_arena {
	struct ks_arena_page *pages; /* newest first */
};

/* ${n} zeroed bytes, aligned for any type, or NULL when memory ran out. */
void *ks_arena_alloc(struct ks_arena *arena, size_t n);

/* ${count} zeroed things of ${size} bytes; NULL also on overflow. */
void *ks_arena_array(struct ks_arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of ${span}, or NULL when memory ran out. */
char *ks_arena_copy(struct ks_arena *arena, struct ks_span span);

/* Free everything; ${arena} is empty and usable afterwards. */
void ks_arena_release(struct ks_arena *arena);

#endif
