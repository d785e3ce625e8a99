/* SPDX-License-Identifier: Apache-2.0 */
/* The objects folders of a repository: gitrepository-layout(5). */
#ifndef KS_SOURCE_ALTERNATES_H
#define KS_SOURCE_ALTERNATES_H

#include "base/arena.h"
#include "base/err.h"

/* Zero-initialise ({0}); ks_dirs_release() frees the arrays. */
struct ks_dirs {
	char **list; /* strings of the arena; absolute or as given */
	size_t count;
	size_t cap;
	uint32_t *table; /* which are known: 1 + index into list, by hash */
	size_t mask;     /* slots - 1 */
};

/*
 * Put ${objects} and, in order, all that its info/alternates name, directly
 * or not, into ${dirs}; each folder once, at most five levels deep as in
 * git. The strings come from ${arena}. KS_E_IO: such a file is there and
 * cannot be read; KS_E_LIMIT: it is absurdly large; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_dirs_find(struct ks_dirs *dirs, const char *objects,
	struct ks_arena *arena, struct ks_err *err);

/*
 * Add the folders that ${list} names, with what their info/alternates name:
 * separated by colons, quoted like C strings where one begins with '"', as in
 * GIT_ALTERNATE_OBJECT_DIRECTORIES of git(1). Errors as above.
 */
KS_MUST_CHECK int ks_dirs_add_list(struct ks_dirs *dirs, const char *list,
	struct ks_arena *arena, struct ks_err *err);

void ks_dirs_release(struct ks_dirs *dirs);

#endif
