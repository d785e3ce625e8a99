/* SPDX-License-Identifier: Apache-2.0 */
/* Are the packs of a repository whole? gitformat-pack(5). */
#include "mirror/packs.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

enum {
	HEAD_BYTES = 12, /* magic, version, number of objects */
	HASH_MAX = 32
};

/* A folder's packs, one after the other. */
struct visit {
	const char *repo;
	size_t hash; /* bytes */
	const struct ks_git_limits *limits;
	int (*each)(const struct visit *visit, const char *stem,
		struct ks_err *err);
};

static bool read_at(int fd, uint8_t *to, size_t n, uint64_t at)
{
	return pread(fd, to, n, (off_t)at) == (ssize_t)n;
}

/*
 * The last hash of a pack is of its bytes; its index repeats it, before the
 * hash of its own.
 */
static bool read_trailer(uint8_t *hash, const char *path, size_t n,
	size_t from_end, const char *magic, struct ks_err *err)
{
	uint8_t head[4];
	uint64_t size = 0;
	int fd;
	bool is_read;

	if (ks_file_open(&fd, &size, path, err) < 0)
		return false;
	is_read = size >= HEAD_BYTES + from_end &&
		  read_at(fd, head, sizeof(head), 0) &&
		  memcmp(head, magic, sizeof(head)) == 0 &&
		  read_at(fd, hash, n, size - from_end);
	close(fd);
	return is_read;
}

static int look(const struct visit *visit, const char *stem, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	uint8_t in_pack[HASH_MAX];
	uint8_t in_index[HASH_MAX];
	bool is_whole = false;

	if (ks_buf_printf(&path, "%s.pack", stem) == KS_OK && ks_buf_str(&path))
		is_whole = read_trailer(in_pack, (const char *)path.p,
			visit->hash, visit->hash, "PACK", NULL);
	ks_buf_reset(&path);
	if (is_whole && ks_buf_printf(&path, "%s.idx", stem) == KS_OK &&
		ks_buf_str(&path))
		is_whole = read_trailer(in_index, (const char *)path.p,
				   visit->hash, 2 * visit->hash, "\377tOc",
				   NULL) &&
			   memcmp(in_pack, in_index, visit->hash) == 0;
	ks_buf_release(&path);
	return is_whole ? KS_OK
			: ks_fail(err, KS_E_CORRUPT, "'%s.pack' is damaged",
				  stem);
}

static int verify(
	const struct visit *visit, const char *stem, struct ks_err *err)
{
	const char *words[] = { "--git-dir", visit->repo, "verify-pack", "--",
		NULL, NULL };
	struct ks_buf path = { 0 };
	int rc;

	if (ks_buf_printf(&path, "%s.idx", stem) < 0 || !ks_buf_str(&path)) {
		ks_buf_release(&path);
		return ks_fail_nomem(err);
	}
	words[4] = (const char *)path.p;
	rc = ks_git_run(NULL, words, NULL, NULL, visit->limits, err);
	if (rc == KS_E_IO)
		rc = ks_fail(err, KS_E_CORRUPT, "'%s.pack' is damaged", stem);
	ks_buf_release(&path);
	return rc;
}

static int each_pack(
	const struct visit *visit, size_t *count, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct dirent *entry;
	DIR *folder = NULL;
	int rc = KS_OK;

	*count = 0;
	if (ks_buf_printf(&path, "%s/objects/pack", visit->repo) < 0 ||
		!ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else if (!(folder = opendir((const char *)path.p)))
		rc = ks_fail_errno(
			err, errno, "cannot open '%s'", (const char *)path.p);
	while (rc == KS_OK && (entry = readdir(folder))) {
		size_t n = strlen(entry->d_name);

		if (n < 6 || strcmp(entry->d_name + n - 5, ".pack") != 0)
			continue;
		(*count)++;
		ks_buf_reset(&path);
		if (ks_buf_printf(&path, "%s/objects/pack/%.*s", visit->repo,
			    (int)(n - 5), entry->d_name) < 0 ||
			!ks_buf_str(&path))
			rc = ks_fail_nomem(err);
		else
			rc = visit->each(visit, (const char *)path.p, err);
	}
	if (folder)
		closedir(folder);
	ks_buf_release(&path);
	return rc;
}

int ks_packs_look(
	const char *repo, bool is_sha256, size_t *count, struct ks_err *err)
{
	struct visit visit = {
		.repo = repo, .hash = is_sha256 ? 32 : 20, .each = look
	};

	return each_pack(&visit, count, err);
}

int ks_packs_verify(const char *repo, bool is_sha256,
	const struct ks_git_limits *limits, struct ks_err *err)
{
	const char *words[] = { "--git-dir", repo, "rev-list", "--objects",
		"--all", "--quiet", NULL };
	struct visit visit = { .repo = repo,
		.hash = is_sha256 ? 32 : 20,
		.limits = limits,
		.each = verify };
	size_t count;
	int rc = each_pack(&visit, &count, err);

	if (rc == KS_OK)
		rc = ks_git_run(NULL, words, NULL, NULL, limits, err);
	if (rc == KS_E_IO || rc == KS_E_NOTFOUND)
		rc = ks_fail(err, KS_E_CORRUPT, "'%s' lacks what its refs need",
			repo);
	return rc;
}
