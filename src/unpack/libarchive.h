/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libarchive. */
#ifndef KS_UNPACK_LIBARCHIVE_H
#define KS_UNPACK_LIBARCHIVE_H

#include "base/err.h"

#include <archive.h>
#include <archive_entry.h>

/*
 * The functions of libarchive that are used, without their "archive_". It
 * brings a dozen libraries with it and is needed where there is an archive: so
 * it is loaded when the first one is met. Formats and filters are named one by
 * one, and none of them that runs a program.
 */
#define KS_LIBARCHIVE_FUNCTIONS(X)                                             \
	X(entry_filetype)                                                      \
	X(entry_is_encrypted)                                                  \
	X(entry_pathname)                                                      \
	X(entry_pathname_utf8)                                                 \
	X(entry_symlink)                                                       \
	X(errno)                                                               \
	X(error_string)                                                        \
	X(format)                                                              \
	X(format_name)                                                         \
	X(read_append_filter)                                                  \
	X(read_data_block)                                                     \
	X(read_free)                                                           \
	X(read_has_encrypted_entries)                                          \
	X(read_new)                                                            \
	X(read_next_header)                                                    \
	X(read_open)                                                           \
	X(read_open_memory)                                                    \
	X(read_support_format_7zip)                                            \
	X(read_support_format_ar)                                              \
	X(read_support_format_cpio)                                            \
	X(read_support_format_empty)                                           \
	X(read_support_format_raw)                                             \
	X(read_support_format_tar)                                             \
	X(read_support_format_zip)                                             \
	X(set_error)

struct ks_libarchive {
#define X(name) __typeof__(archive_##name) *f_##name;
	KS_LIBARCHIVE_FUNCTIONS(X)
#undef X
};

/*
 * The functions, loaded at the first call; thread-safe. NULL where libarchive
 * cannot be loaded: KS_E_UNSUPPORTED in ${err}.
 */
const struct ks_libarchive *ks_libarchive(struct ks_err *err);

#endif
