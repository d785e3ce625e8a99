/* SPDX-License-Identifier: Apache-2.0 */
/* Where the report goes: standard output, or a file, whole or not at all. */
#include "cli/output.h"

#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ks_output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0 ||
	       strcmp(path, "/dev/stdout") == 0;
}

/* Is it written beside itself? Not there yet, or a regular file. */
static bool is_replaced(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 || S_ISREG(status.st_mode);
}

/* The file behind ${path}, so that a symlink stays one. To be freed. */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : strdup(path);
}

int ks_output_check(const char *path, struct ks_err *err)
{
	struct stat status;
	char *copy;
	int rc = KS_OK;

	if (ks_output_is_stdout(path))
		return KS_OK;
	if (!is_replaced(path)) {
		if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
			return ks_fail(err, KS_E_IO,
				"cannot write '%s': it is a folder", path);
		return KS_OK;
	}
	copy = resolve(path);
	if (!copy)
		return ks_fail_nomem(err);
	if (access(dirname(copy), W_OK | X_OK) < 0)
		rc = ks_fail_errno(err, errno, "cannot write '%s'", path);
	free(copy);
	return rc;
}

/* Wait until a descriptor that must not block takes more. */
static bool wait_for(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLOUT };

	return poll(&waiting, 1, -1) > 0;
}

/*
 * fopencookie(3): the stdio of the report, so that errno of the first write
 * that fails is known. A signal ends the writing: the reader may be stuck.
 */
static ssize_t write_out(void *cookie, const char *bytes, size_t n)
{
	struct ks_output *output = cookie;
	size_t done = 0;

	while (done < n && !output->errnum) {
		ssize_t put = write(output->fd, bytes + done, n - done);

		if (put >= 0) {
			done += (size_t)put;
			continue;
		}
		if (errno == EINTR && !*ks_signals_cancel())
			continue;
		if ((errno == EAGAIN || errno == EWOULDBLOCK) &&
			wait_for(output->fd))
			continue;
		output->errnum = errno;
	}
	return (ssize_t)done;
}

static int open_beside(
	struct ks_output *output, const char *path, struct ks_err *err)
{
	static const char suffix[] = ".XXXXXX";
	size_t room;

	output->target = resolve(path);
	if (!output->target)
		return ks_fail_nomem(err);
	room = strlen(output->target) + sizeof(suffix);
	output->part = malloc(room);
	if (!output->part)
		return ks_fail_nomem(err);
	snprintf(output->part, room, "%s%s", output->target, suffix);
	output->fd = mkostemp(output->part, O_CLOEXEC);
	if (output->fd >= 0)
		return KS_OK;
	free(output->part);
	output->part = NULL;
	return ks_fail_errno(err, errno, "cannot write '%s'", path);
}

static int open_fd(
	struct ks_output *output, const char *path, struct ks_err *err)
{
	if (ks_output_is_stdout(path)) {
		output->name = "standard output";
		output->fd = STDOUT_FILENO;
		return KS_OK;
	}
	output->name = path;
	if (is_replaced(path))
		return open_beside(output, path, err);
	output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (output->fd < 0)
		return ks_fail_errno(err, errno, "cannot write '%s'", path);
	return KS_OK;
}

int ks_output_open(
	struct ks_output *output, const char *path, struct ks_err *err)
{
	cookie_io_functions_t functions = { .write = write_out };
	int rc;

	*output = (struct ks_output){ .fd = -1 };
	rc = open_fd(output, path, err);
	if (rc == KS_OK) {
		output->file = fopencookie(output, "w", functions);
		if (!output->file)
			rc = ks_fail_nomem(err);
	}
	if (rc < 0)
		ks_output_abandon(output);
	return rc;
}

/* Close; the first thing that failed stays in errnum. */
static void close_all(struct ks_output *output)
{
	if (output->file && fclose(output->file) != 0 && !output->errnum)
		output->errnum = errno;
	output->file = NULL;
	if (output->fd < 0)
		return;
	if (output->part && fsync(output->fd) < 0 && !output->errnum)
		output->errnum = errno;
	if (close(output->fd) < 0 && errno != EINTR && !output->errnum)
		output->errnum = errno;
	output->fd = -1;
}

static void release(struct ks_output *output)
{
	if (output->part)
		unlink(output->part);
	free(output->part);
	free(output->target);
	output->part = NULL;
	output->target = NULL;
}

int ks_output_finish(struct ks_output *output, struct ks_err *err)
{
	close_all(output);
	if (!output->errnum && output->part) {
		if (rename(output->part, output->target) < 0) {
			output->errnum = errno;
		} else {
			free(output->part);
			output->part = NULL;
		}
	}
	release(output);
	if (!output->errnum)
		return KS_OK;
	return ks_fail_errno(
		err, output->errnum, "cannot write '%s'", output->name);
}

void ks_output_abandon(struct ks_output *output)
{
	close_all(output);
	release(output);
}

bool ks_output_is_unread(const struct ks_output *output)
{
	return output->errnum == EPIPE;
}

int ks_output_put(const char *path, ks_output_writer *write, void *payload,
	struct ks_err *err)
{
	struct ks_output output;
	bool is_unread;
	int rc = ks_output_open(&output, path, err);

	if (rc < 0)
		return rc;
	rc = write(output.file, payload, err);
	if (rc < 0 && rc != KS_E_IO) {
		ks_output_abandon(&output);
		return rc;
	}
	is_unread = ks_output_is_unread(&output);
	rc = ks_output_finish(&output, err);
	/* Whoever closed the pipe does not want to hear of it. */
	if (rc < 0 && (is_unread || ks_output_is_unread(&output)))
		err->message[0] = '\0';
	return rc;
}
