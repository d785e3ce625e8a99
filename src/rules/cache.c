/* SPDX-License-Identifier: Apache-2.0 */
/* Files that may be lost at any time: $XDG_CACHE_HOME/keysieve. */
#include "rules/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	NAME_BYTES = 2 * KS_SHA256_BYTES + sizeof(".rules"),
	FILE_MAX = 256 << 20, /* bytes */
	KEPT_SECONDS = 30 * 24 * 60 * 60
};

static void file_name(char out[NAME_BYTES], const uint8_t key[KS_SHA256_BYTES])
{
	for (size_t i = 0; i < KS_SHA256_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", key[i]);
	memcpy(out + 2 * KS_SHA256_BYTES, ".rules", sizeof(".rules"));
}

/*
 * The folder's path. XDG Base Directory Specification: a path that is not
 * absolute is to be ignored.
 */
static bool folder_path(struct ks_buf *out, bool create)
{
	const char *base = secure_getenv("XDG_CACHE_HOME");
	const char *home = secure_getenv("HOME");
	const char *path;

	if (base && base[0] == '/') {
		if (ks_buf_add_str(out, base) < 0)
			return false;
	} else if (!home || home[0] != '/' ||
		   ks_buf_printf(out, "%s/.cache", home) < 0) {
		return false;
	}
	path = ks_buf_str(out);
	if (!path || (create && mkdir(path, 0700) < 0 && errno != EEXIST))
		return false;
	if (ks_buf_add_str(out, "/keysieve") < 0)
		return false;
	path = ks_buf_str(out);
	return path && (!create || mkdir(path, 0700) == 0 || errno == EEXIST);
}

/* Could somebody else have put something there? */
static bool is_ours(int fd, mode_t type, struct stat *status)
{
	return fstat(fd, status) == 0 && (status->st_mode & S_IFMT) == type &&
	       status->st_uid == geteuid() && !(status->st_mode & 022);
}

/* The open folder, or -1. */
static int open_folder(bool create)
{
	struct ks_buf path = { 0 };
	struct stat status;
	int fd = -1;

	if (folder_path(&path, create))
		fd = open((const char *)path.p,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	ks_buf_release(&path);
	if (fd >= 0 && !is_ours(fd, S_IFDIR, &status)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Exactly ${n} bytes from ${fd} onto the end of ${out}. */
static bool read_all(struct ks_buf *out, int fd, size_t n)
{
	if (ks_buf_reserve(out, out->n + n) < 0)
		return false;
	while (n > 0) {
		ssize_t got = read(fd, out->p + out->n, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		out->n += (size_t)got;
		n -= (size_t)got;
	}
	return true;
}

bool ks_cache_read(struct ks_buf *out, const uint8_t key[KS_SHA256_BYTES])
{
	char name[NAME_BYTES];
	struct stat status;
	bool is_read = false;
	int folder = open_folder(false);
	int fd;

	if (folder < 0)
		return false;
	file_name(name, key);
	fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		is_read = is_ours(fd, S_IFREG, &status) && status.st_size > 0 &&
			  status.st_size <= FILE_MAX &&
			  read_all(out, fd, (size_t)status.st_size);
		close(fd);
	}
	close(folder);
	return is_read;
}

static bool write_all(int fd, struct ks_span bytes)
{
	while (bytes.n > 0) {
		ssize_t put = write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes = ks_span_cut(bytes, (size_t)put, bytes.n);
	}
	return true;
}

/* Drop what was not written for long: rules change, names do too. */
static void prune(int folder)
{
	time_t oldest = time(NULL) - KEPT_SECONDS;
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!listing) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(listing))) {
		const char *dot = strrchr(entry->d_name, '.');
		struct stat status;

		if (dot &&
			(strcmp(dot, ".rules") == 0 ||
				strcmp(dot, ".part") == 0) &&
			fstatat(folder, entry->d_name, &status,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			status.st_mtime < oldest)
			unlinkat(folder, entry->d_name, 0);
	}
	closedir(listing);
}

bool ks_cache_write(const uint8_t key[KS_SHA256_BYTES], struct ks_span bytes)
{
	char name[NAME_BYTES];
	char part[NAME_BYTES + 32];
	bool is_written = false;
	int folder = open_folder(true);
	int fd;

	if (folder < 0)
		return false;
	file_name(name, key);
	snprintf(part, sizeof(part), "%.16s-%ld.part", name, (long)getpid());
	unlinkat(folder, part, 0);
	fd = openat(folder, part,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		is_written = write_all(fd, bytes);
		is_written &= close(fd) == 0;
		is_written =
			is_written && renameat(folder, part, folder, name) == 0;
		if (!is_written)
			unlinkat(folder, part, 0);
	}
	prune(folder);
	close(folder);
	return is_written;
}
