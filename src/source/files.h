/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, as `keysieve scan` takes them. */
#ifndef KS_SOURCE_FILES_H
#define KS_SOURCE_FILES_H

#include "base/buf.h"

struct ks_files_visitor {
	/* A regular file, or a symlink whose target is its text. */
	int (*file)(void *payload, const char *path, bool is_symlink,
		struct ks_err *err);
	/*
	 * Something that cannot be read, with why; ${is_special}: it is no
	 * file but a socket, a device or a FIFO.
	 */
	int (*skip)(void *payload, const char *path, bool is_special,
		const struct ks_err *why, struct ks_err *err);
	void *payload;
};

/*
 * Visit ${path}: a file, or all files below a folder, in the order of their
 * names; hidden ones too, what is named .git not, symlinks are visited but
 * not followed (the path given is). KS_E_IO where ${path} itself cannot be
 * read, KS_E_NOMEM, and what the visitor returned.
 */
KS_MUST_CHECK int ks_files_walk(const char *path,
	const struct ks_files_visitor *visitor, struct ks_err *err);

/*
 * Read at most ${limit} bytes of the open ${fd}, called ${name} in errors,
 * into ${out} (emptied first). A signal that interrupts the reading ends it
 * if ${cancel} (may be NULL) is set then. KS_E_LIMIT where there is more,
 * KS_E_INTERRUPTED, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_files_read_fd(struct ks_buf *out, int fd, const char *name,
	uint64_t limit, const volatile int *cancel, struct ks_err *err);

#endif
