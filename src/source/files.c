/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, as `keysieve scan` takes them. */
#include "source/files.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int visit(const struct ks_files_visitor *visitor, FTS *walk,
	FTSENT *item, struct ks_err *err)
{
	struct ks_err why = { 0 };

	switch (item->fts_info) {
	case FTS_D:
		if (item->fts_level > 0 && strcmp(item->fts_name, ".git") == 0)
			fts_set(walk, item, FTS_SKIP);
		return KS_OK;
	case FTS_F:
		if (item->fts_level > 0 && strcmp(item->fts_name, ".git") == 0)
			return KS_OK;
		return visitor->file(
			visitor->payload, item->fts_path, false, err);
	case FTS_SL:
	case FTS_SLNONE:
		return visitor->file(
			visitor->payload, item->fts_path, true, err);
	case FTS_DP:
	case FTS_DC:
		return KS_OK;
	case FTS_DEFAULT:
		ks_fail(&why, KS_E_UNSUPPORTED, "not a file");
		return visitor->skip(
			visitor->payload, item->fts_path, true, &why, err);
	default:
		ks_fail_errno(&why, item->fts_errno, "cannot read it");
		return visitor->skip(
			visitor->payload, item->fts_path, false, &why, err);
	}
}

int ks_files_walk(const char *path, const struct ks_files_visitor *visitor,
	struct ks_err *err)
{
	char *copy = strdup(path);
	char *roots[] = { copy, NULL };
	struct stat st;
	FTSENT *item;
	FTS *walk;
	int rc = KS_OK;

	if (!copy)
		return ks_fail_nomem(err);
	if (stat(path, &st) < 0) {
		rc = ks_fail_errno(err, errno, "cannot read '%s'", path);
		free(copy);
		return rc;
	}
	walk = fts_open(
		roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!walk)
		rc = ks_fail_errno(err, errno, "cannot read '%s'", path);
	while (rc == KS_OK && (errno = 0, item = fts_read(walk)))
		rc = visit(visitor, walk, item, err);
	if (rc == KS_OK && errno)
		rc = ks_fail_errno(err, errno, "cannot read '%s'", path);
	if (walk)
		fts_close(walk);
	free(copy);
	return rc;
}

/* One read(2), signals aside. */
static int read_some(struct ks_files_source *source, uint8_t *to, size_t n,
	size_t *got, struct ks_err *err)
{
	for (;;) {
		ssize_t rc = read(source->fd, to, n);

		*got = rc > 0 ? (size_t)rc : 0;
		if (rc >= 0)
			return KS_OK;
		if (errno == EINTR && source->cancel && *source->cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		if (errno != EINTR)
			return ks_fail_errno(
				err, errno, "cannot read '%s'", source->name);
	}
}

int ks_files_next(struct ks_files_source *source, uint8_t *to, size_t n,
	size_t *got, struct ks_err *err)
{
	size_t more = 1;
	int rc = KS_OK;

	*got = ks_span_take(&source->ahead, to, n);
	while (rc == KS_OK && *got < n && more) {
		if (source->cancel && *source->cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = read_some(source, to + *got, n - *got, &more, err);
		*got += more;
		source->done += more;
		if (source->done > source->limit)
			return ks_fail(err, KS_E_LIMIT, "more than %llu bytes",
				(unsigned long long)source->limit);
	}
	return rc;
}

int ks_files_fill(struct ks_files_source *source, struct ks_buf *out,
	size_t most, struct ks_err *err)
{
	enum {
		STEP = 1 << 16
	};

	while (out->n < most) {
		size_t n = most - out->n < STEP ? most - out->n : STEP;
		size_t got;
		int rc;

		if (ks_buf_reserve(out, out->n + n) < 0)
			return ks_fail_nomem(err);
		rc = ks_files_next(source, out->p + out->n, n, &got, err);
		out->n += got;
		if (rc < 0 || got < n)
			return rc;
	}
	return KS_OK;
}

static int read_source(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct ks_files_source *source = payload;
	int rc = ks_files_next(source, to, n, got, err);

	if (rc != KS_E_LIMIT)
		return rc;
	*got -= (size_t)(source->done - source->limit);
	return KS_OK;
}

struct ks_stream ks_files_stream(struct ks_files_source *source)
{
	return (struct ks_stream){ read_source, source };
}

int ks_files_read_fd(struct ks_buf *out, int fd, const char *name,
	uint64_t limit, const volatile int *cancel, struct ks_err *err)
{
	struct ks_files_source source = {
		.fd = fd, .name = name, .cancel = cancel, .limit = limit
	};

	ks_buf_reset(out);
	return ks_files_fill(&source, out, SIZE_MAX, err);
}
