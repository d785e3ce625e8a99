/* SPDX-License-Identifier: Apache-2.0 */
/* Which mirrors are in use, and removing those that are not. */
#include "mirror/evict.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "mirror/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DEPTH = 3 /* of "repos/ab/abcd.git" */
};

struct candidate {
	const char *path;
	struct timespec used;
};

struct candidates {
	struct ks_arena arena;
	struct candidate *list;
	size_t count;
	size_t cap;
};

/* The file ${path}${end}, beside what may be removed. -1: errno. */
static int open_beside(const char *path, const char *end)
{
	struct ks_buf name = { 0 };
	int fd = -1;

	errno = ENOMEM;
	if (ks_buf_printf(&name, "%s%s", path, end) == KS_OK &&
		ks_buf_str(&name))
		fd = open((const char *)name.p,
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ks_buf_release(&name);
	return fd;
}

int ks_evict_hold(int *fd, const char *store, struct ks_err *err)
{
	int rc;

	*fd = open_beside(store, ".use");
	if (*fd < 0)
		return ks_fail_errno(err, errno, "cannot open '%s.use'", store);
	do {
		rc = flock(*fd, LOCK_SH);
	} while (rc < 0 && errno == EINTR);
	/* Its time is when it was used last. */
	if (rc == 0)
		rc = futimens(*fd, NULL);
	if (rc == 0)
		return KS_OK;
	ks_fail_errno(err, errno, "cannot lock '%s.use'", store);
	close(*fd);
	*fd = -1;
	return KS_E_IO;
}

static bool exists(const char *path, const char *end, struct stat *st)
{
	struct ks_buf name = { 0 };
	bool is_there = ks_buf_printf(&name, "%s%s", path, end) == KS_OK &&
			ks_buf_str(&name) &&
			stat((const char *)name.p, st) == 0;

	ks_buf_release(&name);
	return is_there;
}

static int add(struct candidates *candidates, const FTSENT *entry)
{
	struct candidate candidate = { .used = entry->fts_statp->st_mtim };
	struct stat st;

	/* Of forks the store takes room, and not what points to it. */
	if (exists(entry->fts_path, "/objects/info/alternates", &st))
		return KS_OK;
	if (exists(entry->fts_path, ".use", &st))
		candidate.used = st.st_mtim;
	candidate.path =
		ks_arena_copy(&candidates->arena, ks_span_str(entry->fts_path));
	if (!candidate.path ||
		ks_array_reserve(&candidates->list, &candidates->cap,
			candidates->count + 1, sizeof(candidate)) < 0)
		return KS_E_NOMEM;
	candidates->list[candidates->count++] = candidate;
	return KS_OK;
}

static void find(struct candidates *candidates, const char *folder)
{
	char *copy = strdup(folder);
	char *roots[] = { copy, NULL };
	FTS *walk =
		copy ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	int rc = KS_OK;
	FTSENT *entry;

	while (rc == KS_OK && walk && (entry = fts_read(walk))) {
		const char *end = strrchr(entry->fts_name, '.');

		if (entry->fts_info != FTS_D || entry->fts_level < DEPTH)
			continue;
		fts_set(walk, entry, FTS_SKIP);
		if (end && strcmp(end, ".git") == 0)
			rc = add(candidates, entry);
	}
	if (walk)
		fts_close(walk);
	free(copy);
}

static int by_use(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;

	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
	if (a->used.tv_nsec != b->used.tv_nsec)
		return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* Nobody waits for another here: what is locked is passed over. */
static uint64_t try_to_remove(const char *path)
{
	int lock = open_beside(path, ".lock");
	int use = open_beside(path, ".use");
	uint64_t bytes = 0;

	if (lock >= 0 && use >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 &&
		flock(use, LOCK_EX | LOCK_NB) == 0) {
		bytes = ks_folder_size(path);
		if (ks_folder_remove(path, NULL) < 0) {
			uint64_t left = ks_folder_size(path);

			bytes = left < bytes ? bytes - left : 0;
		}
	}
	if (use >= 0)
		close(use);
	if (lock >= 0)
		close(lock);
	return bytes;
}

uint64_t ks_evict(const char *folder, uint64_t wanted)
{
	struct candidates candidates = { 0 };
	uint64_t freed = 0;

	find(&candidates, folder);
	if (candidates.count)
		qsort(candidates.list, candidates.count,
			sizeof(*candidates.list), by_use);
	for (size_t i = 0; i < candidates.count && freed < wanted; i++)
		freed += try_to_remove(candidates.list[i].path);
	free(candidates.list);
	ks_arena_release(&candidates.arena);
	return freed;
}
