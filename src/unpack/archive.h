/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of an archive, one after the other. */
#ifndef KS_UNPACK_ARCHIVE_H
#define KS_UNPACK_ARCHIVE_H

#include "base/stream.h"
#include "unpack/kind.h"

/* Belongs to one thread. Nothing is written, no program is run. */
struct ks_archive;

/* What is called a folder or a device has no bytes, but may say it has. */
struct ks_archive_entry {
	enum {
		KS_ENTRY_FILE,
		KS_ENTRY_LINK, /* a symlink: name and target */
		KS_ENTRY_ENCRYPTED
	} type;
	/* As it is there, of any length; empty: it has none. */
	struct ks_span name;
	struct ks_span target;
};

/*
 * Open the archive ${bytes} (borrowed) of ${kind}. Of what is compressed as a
 * whole, tar and cpio archives in it are opened too; of anything else in it one
 * entry without a name is made. KS_E_CORRUPT, KS_E_LIMIT (it needs too much
 * memory), KS_E_UNSUPPORTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_archive_open(struct ks_archive **out, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err);

/*
 * The next entry goes to ${out}, whose spans are valid until the next call.
 * 1; 0 where there is none; errors as above, after which no more come.
 */
KS_MUST_CHECK int ks_archive_next(struct ks_archive *archive,
	struct ks_archive_entry *out, struct ks_err *err);

/*
 * The bytes of the entry that came last. Where they cannot be read on they
 * end: ks_archive_why() says so.
 */
struct ks_stream ks_archive_stream(struct ks_archive *archive);

/* KS_OK, or why the entry that came last could not be read to its end. */
KS_MUST_CHECK int ks_archive_why(
	const struct ks_archive *archive, struct ks_err *err);

/*
 * May unpacking the entry that came last take as much memory as it has bytes?
 * A 7z archive says itself how large its dictionary is, and so does a zip.
 */
bool ks_archive_keeps_all(const struct ks_archive *archive);

/* Are entries, or their names, encrypted, as far as is known by now? */
bool ks_archive_is_encrypted(const struct ks_archive *archive);

/* NULL is fine. */
void ks_archive_free(struct ks_archive *archive);

#endif
