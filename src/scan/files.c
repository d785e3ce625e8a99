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

/* Read, not mapped: a file that shrinks meanwhile must not be a crash. */
static int read_file(
	struct ks_gather *gather, const char *path, struct ks_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return ks_fail_errno(err, errno, "cannot open it");
	rc = ks_files_read_fd(&gather->file, fd, path,
		ks_gather_object_max(gather->options), gather->options->cancel,
		err);
	close(fd);
	return rc;
}

static int scan_file(
	void *payload, const char *path, bool is_symlink, struct ks_err *err)
{
	struct ks_gather *gather = payload;
	const volatile int *cancel = gather->options->cancel;
	struct ks_err why = { 0 };
	int rc;

	if (cancel && *cancel)
		return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	ks_gather_tell(gather, "scanning", 0);
	if (is_symlink)
		return scan_symlink(gather, path, err);
	rc = read_file(gather, path, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc == KS_E_LIMIT)
		return skip(gather, KS_SKIP_TOO_LARGE, path,
			"over the limit of --max-blob-size", err);
	if (rc < 0)
		return skip(gather, KS_SKIP_UNREADABLE, path, why.message, err);
	return scan_bytes(gather, path, ks_buf_span(&gather->file), err);
}

static int skip_file(void *payload, const char *path, bool is_special,
	const struct ks_err *why, struct ks_err *err)
{
	return skip(payload, is_special ? KS_SKIP_SPECIAL : KS_SKIP_UNREADABLE,
		path, why->message, err);
}

static int scan_input(struct ks_gather *gather, struct ks_err *err)
{
	int rc = ks_files_read_fd(&gather->input, STDIN_FILENO,
		"standard input", ks_gather_object_max(gather->options),
		gather->options->cancel, err);

	if (rc == KS_E_LIMIT)
		return skip(gather, KS_SKIP_TOO_LARGE, "-",
			"over the limit of --max-blob-size", err);
	if (rc < 0)
		return rc;
	return scan_bytes(gather, "-", ks_buf_span(&gather->input), err);
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
