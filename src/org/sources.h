/* SPDX-License-Identifier: Apache-2.0 */
/* Which repositories there are: paths, folders, lists, URLs, forges. */
#ifndef KS_ORG_SOURCES_H
#define KS_ORG_SOURCES_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One repository. */
struct ks_target {
	const char *name;   /* what stays when it moves: its path, URL, or id */
	const char *place;  /* a path or a URL */
	const char *source; /* of the forge that lists it; NULL: none does */
	const char *network; /* of forks with others here; NULL: none */
	uint64_t size;       /* bytes, as the forge thinks; 0: it tells none */
	bool is_remote;
	bool is_optional; /* a wiki: there need be none */
};

/* Zero-initialise ({0}); ks_sources_release() frees. */
struct ks_sources {
	struct ks_arena arena;
	struct ks_target *list;
	size_t count;
	size_t cap;
	const char *cache; /* folder for what forges answered; NULL: none */
	const char *credentials; /* a file, as forge.h has it; NULL: none */
	const volatile int *cancel;
	/* Told of what cannot be listed; the others are. */
	int (*trouble)(void *payload, const char *where, const char *why,
		struct ks_err *err);
	void *payload;
	const char *options; /* of the source that is added */
};

/*
 * What is kept of the source ${text}: an absolute path, or the text itself;
 * from ${arena}. KS_E_NOTFOUND; KS_E_USAGE: a login is in it, which would be
 * stored; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_sources_check(const char **out, const char *text,
	struct ks_arena *arena, struct ks_err *err);

/*
 * Add the repositories of the source ${text} as it was kept; of a forge those
 * that ${options} take (ks_selection_write()). KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_sources_add(struct ks_sources *sources, const char *text,
	const char *options, struct ks_err *err);

/* Sort them, each once, forks of one network together. */
void ks_sources_sort(struct ks_sources *sources);

/* How many from ${at} on are of one network; 1: it is alone. */
size_t ks_sources_group(const struct ks_sources *sources, size_t at);

/* Is one called ${name}, or a network? */
bool ks_sources_have(const struct ks_sources *sources, const char *name);

void ks_sources_release(struct ks_sources *sources);

#endif
