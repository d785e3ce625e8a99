/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning files, folders and standard input. */
#include "scan/gather.h"
#include "scan/result.h"
#include "source/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static int skip(struct ks_gather *gather, enum ks_skip_reason reason,
	const char *path, const char *detail, struct ks_err *err)
{
	return ks_skips_add(&gather->skips, reason, path, NULL, detail, err);
}

static int scan_bytes(struct ks_gather *gather, const char *path,
	struct ks_span bytes, struct ks_err *err)
{
	gather->coverage.files++;
	return ks_worker_file(&gather->workers[0], path, bytes, err);
}

static int scan_symlink(
	struct ks_gather *gather, const char *path, struct ks_err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		return skip(gather, KS_SKIP_UNREADABLE, path,
			"cannot read the symlink", err);
	return scan_bytes(gather, path, ks_span_of(target, (size_t)n), err);
}

/* What is read of a file at once: larger ones are scanned in windows. */
static size_t most_at_once(const struct ks_gather *gather)
{
	const struct ks_window_size *size = &gather->workers[0].finder.window;

	return size->own ? size->own + 2 * size->margin : SIZE_MAX;
}

/* A file that cannot be read is left out; standard input was all there is. */
static int skip_unread(struct ks_gather *gather, const char *path,
	const struct ks_err *why, const char *too_large, struct ks_err *err)
{
	if (why->code == KS_E_NOMEM || why->code == KS_E_INTERRUPTED ||
		(why->code == KS_E_IO && strcmp(path, "-") == 0)) {
		*err = *why;
		return why->code;
	}
	if (why->code == KS_E_LIMIT)
		return skip(gather, KS_SKIP_TOO_LARGE, path, too_large, err);
	return skip(gather, KS_SKIP_UNREADABLE, path, why->message, err);
}

/* The rest of ${source}, of which ${head} was read. */
static int scan_in_windows(struct ks_gather *gather, const char *path,
	struct ks_files_source *source, struct ks_span head, struct ks_err *err)
{
	struct ks_worker *worker = &gather->workers[0];
	struct ks_stream stream = ks_files_stream(source);
	struct ks_err why = { 0 };
	int rc;

	source->ahead = head;
	gather->coverage.files++;
	rc = ks_worker_flow(worker, path, &stream, &why);
	ks_worker_count(worker, source->done);
	if (rc < 0)
		return skip_unread(gather, path, &why, "", err);
	if (source->done <= source->limit)
		return KS_OK;
	return skip(gather, KS_SKIP_TOO_LARGE, path,
		"over the limit of --max-blob-size: the rest was not scanned",
		err);
}

/* Read, not mapped: a file that shrinks meanwhile must not be a crash. */
static int scan_source(struct ks_gather *gather, const char *path,
	struct ks_files_source *source, struct ks_buf *buf, struct ks_err *err)
{
	const size_t most = most_at_once(gather);
	struct ks_err why = { 0 };
	int rc;

	ks_buf_reset(buf);
	rc = ks_files_fill(source, buf, most, &why);
	if (rc < 0)
		return skip_unread(gather, path, &why,
			"over the limit of --max-blob-size", err);
	if (buf->n < most)
		return scan_bytes(gather, path, ks_buf_span(buf), err);
	return scan_in_windows(gather, path, source, ks_buf_span(buf), err);
}

static struct ks_files_source source_of(
	const struct ks_gather *gather, int fd, const char *name)
{
	return (struct ks_files_source){
		.fd = fd,
		.name = name,
		.cancel = gather->options->cancel,
		.limit = ks_gather_object_max(gather->options),
	};
}

static int scan_opened(
	struct ks_gather *gather, const char *path, int fd, struct ks_err *err)
{
	struct ks_files_source source = source_of(gather, fd, path);
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		(uint64_t)st.st_size > source.limit)
		return skip(gather, KS_SKIP_TOO_LARGE, path,
			"over the limit of --max-blob-size", err);
	return scan_source(gather, path, &source, &gather->file, err);
}

static int scan_file(
	void *payload, const char *path, bool is_symlink, struct ks_err *err)
{
	struct ks_gather *gather = payload;
	const volatile int *cancel = gather->options->cancel;
	struct ks_err why = { 0 };
	int rc;
	int fd;

	if (cancel && *cancel)
		return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	ks_gather_tell(gather, "scanning", 0);
	if (is_symlink)
		return scan_symlink(gather, path, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		ks_fail_errno(&why, errno, "cannot open it");
		return skip_unread(gather, path, &why, "", err);
	}
	rc = scan_opened(gather, path, fd, err);
	close(fd);
	return rc;
}

static int skip_file(void *payload, const char *path, bool is_special,
	const struct ks_err *why, struct ks_err *err)
{
	return skip(payload, is_special ? KS_SKIP_SPECIAL : KS_SKIP_UNREADABLE,
		path, why->message, err);
}

static int scan_input(struct ks_gather *gather, struct ks_err *err)
{
	struct ks_files_source source =
		source_of(gather, STDIN_FILENO, "standard input");

	return scan_source(gather, "-", &source, &gather->input, err);
}

static int scan_paths(struct ks_gather *gather, const char *const *paths,
	size_t count, struct ks_result **out, struct ks_err *err)
{
	struct ks_files_visitor visitor = {
		.file = scan_file, .skip = skip_file, .payload = gather
	};
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		if (strcmp(paths[i], "-") == 0)
			rc = scan_input(gather, err);
		else
			rc = ks_files_walk(paths[i], &visitor, err);
	}
	if (rc == KS_OK)
		rc = ks_gather_merge(gather, err);
	if (rc == KS_OK)
		rc = ks_result_make(out, gather, err);
	return rc;
}

int ks_scan_paths(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	struct ks_gather gather = { 0 };
	int rc = ks_gather_begin(&gather, count == 1 ? paths[0] : "", options,
		1, KS_OID_SHA1, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = scan_paths(&gather, paths, count, out, err);
	ks_gather_release(&gather);
	return rc;
}
