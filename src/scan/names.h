/* SPDX-License-Identifier: Apache-2.0 */
/* Names seen in trees: each is matched once. */
#ifndef KS_SCAN_NAMES_H
#define KS_SCAN_NAMES_H

#include "base/arena.h"
#include "base/err.h"

enum ks_name_state {
	KS_NAME_NEW,   /* not seen before: to be matched */
	KS_NAME_CLEAN, /* holds no secret */
	KS_NAME_SECRET /* holds one */
};

struct ks_name;

/* Belongs to one worker. Zero-initialise ({0}). */
struct ks_names {
	struct ks_arena arena;
	struct ks_name *table;
	size_t count;
	size_t mask;
};

/*
 * The state of ${name}, which may be changed; a name that was not seen is
 * added (copied) as new. NULL when memory ran out; valid until the next call.
 */
enum ks_name_state *ks_names_find(struct ks_names *names, struct ks_span name);

void ks_names_release(struct ks_names *names);

#endif
