/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, as `keysieve scan` takes them. */
#ifndef KS_SOURCE_FILES_H
#define KS_SOURCE_FILES_H

#include "base/buf.h"
#include "base/stream.h"

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

/* An open file that is read, as much as is asked for. */
struct ks_files_source {
	int fd;
	const char *name;           /* for errors */
	const volatile int *cancel; /* may be NULL */
	uint64_t limit;             /* bytes that may come */
	uint64_t done;              /* bytes that came */
	struct ks_span ahead;       /* read before: these come first */
};

/*
 * Read the next ${n} bytes to ${to}; fewer, as ${got} says, only at the end. A
 * signal that interrupts the reading ends it if the cancel flag is set then:
 * KS_E_INTERRUPTED. KS_E_LIMIT where more than the limit came, KS_E_IO.
 */
KS_MUST_CHECK int ks_files_next(struct ks_files_source *source, uint8_t *to,
	size_t n, size_t *got, struct ks_err *err);

/*
 * Read on until ${out} (not emptied) has ${most} bytes or the file ends:
 * fewer than that are all. Errors as above, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_files_fill(struct ks_files_source *source,
	struct ks_buf *out, size_t most, struct ks_err *err);

/*
 * ${source} as a stream, which borrows it. It ends at the limit; then done is
 * more than that if there was more.
 */
struct ks_stream ks_files_stream(struct ks_files_source *source);

/*
 * Read all of the open ${fd}, called ${name} in errors, into ${out} (emptied
 * first). Errors as above.
 */
KS_MUST_CHECK int ks_files_read_fd(struct ks_buf *out, int fd, const char *name,
	uint64_t limit, const volatile int *cancel, struct ks_err *err);

#endif
