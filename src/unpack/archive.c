/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of an archive, one after the other. */
#include "unpack/archive.h"

#include "unpack/libarchive.h"
#include "unpack/xz.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

struct ks_archive {
	const struct ks_libarchive *f;
	struct archive *handle;
	struct archive_entry *entry; /* the last one; borrowed */
	struct ks_xz *xz;            /* what it is read from, or NULL */
	/* Names are turned from what the archive says they are to UTF-8. */
	locale_t names;
	/* What is at hand of the entry, and where it goes. */
	const uint8_t *block;
	size_t block_n;
	int64_t block_at;
	int64_t at;
	bool is_over;
	struct ks_err why;
};

static int fail(const struct ks_archive *archive, struct ks_err *err)
{
	const char *text = archive->f->f_error_string(archive->handle);

	if (archive->f->f_errno(archive->handle) == ENOMEM)
		return ks_fail(err, KS_E_LIMIT,
			"it cannot be unpacked: it needs too much memory");
	return ks_fail(err, KS_E_CORRUPT, "it cannot be unpacked%s%.160s",
		text && *text ? ": " : "", text ? text : "");
}

static int support_plain(const struct ks_libarchive *f, struct archive *handle)
{
	int rc = f->f_read_support_format_tar(handle);

	return rc == ARCHIVE_OK ? f->f_read_support_format_cpio(handle) : rc;
}

/* One filter, and what may be behind it: no bidding for more filters. */
static int support_filter(
	const struct ks_libarchive *f, struct archive *handle, int filter)
{
	int rc = ARCHIVE_OK;

	if (filter != ARCHIVE_FILTER_NONE)
		rc = f->f_read_append_filter(handle, filter);
	if (rc == ARCHIVE_OK)
		rc = f->f_read_support_format_raw(handle);
	if (rc == ARCHIVE_OK)
		rc = f->f_read_support_format_empty(handle);
	/* The payload of an rpm is compressed in turn. */
	if (rc == ARCHIVE_OK && filter != ARCHIVE_FILTER_RPM)
		rc = support_plain(f, handle);
	return rc;
}

static int support(const struct ks_libarchive *f, struct archive *handle,
	enum ks_archive_kind kind)
{
	switch (kind) {
	case KS_ARCHIVE_GZIP:
		return support_filter(f, handle, ARCHIVE_FILTER_GZIP);
	case KS_ARCHIVE_XZ:
	case KS_ARCHIVE_LZIP:
		return support_filter(f, handle, ARCHIVE_FILTER_NONE);
	case KS_ARCHIVE_BZIP2:
		return support_filter(f, handle, ARCHIVE_FILTER_BZIP2);
	case KS_ARCHIVE_ZSTD:
		return support_filter(f, handle, ARCHIVE_FILTER_ZSTD);
	case KS_ARCHIVE_LZ4:
		return support_filter(f, handle, ARCHIVE_FILTER_LZ4);
	case KS_ARCHIVE_RPM:
		return support_filter(f, handle, ARCHIVE_FILTER_RPM);
	case KS_ARCHIVE_ZIP:
		return f->f_read_support_format_zip(handle);
	case KS_ARCHIVE_7ZIP:
		return f->f_read_support_format_7zip(handle);
	case KS_ARCHIVE_DEB:
		return f->f_read_support_format_ar(handle);
	default:
		return support_plain(f, handle);
	}
}

static locale_t enter(const struct ks_archive *archive)
{
	return archive->names ? uselocale(archive->names) : (locale_t)0;
}

static void leave(locale_t before)
{
	if (before)
		uselocale(before);
}

/* Blocks of what xz decodes, for libarchive. */
static la_ssize_t read_xz(
	struct archive *handle, void *payload, const void **block)
{
	struct ks_archive *archive = payload;
	struct ks_span bytes;
	struct ks_err why = { 0 };
	int rc = ks_xz_next(archive->xz, &bytes, &why);

	*block = bytes.p;
	if (rc == KS_OK)
		return (la_ssize_t)bytes.n;
	archive->f->f_set_error(
		handle, rc == KS_E_LIMIT ? ENOMEM : EINVAL, "%s", why.message);
	return ARCHIVE_FATAL;
}

static int open_handle(struct ks_archive *archive, struct ks_span bytes)
{
	if (archive->xz)
		return archive->f->f_read_open(
			archive->handle, archive, NULL, read_xz, NULL);
	return archive->f->f_read_open_memory(
		archive->handle, bytes.p, bytes.n);
}

/* What cannot be read at all is met before the first entry is asked for. */
static int open_bytes(struct ks_archive *archive, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err)
{
	const struct ks_libarchive *f = archive->f;
	locale_t before;
	int rc;

	if (kind == KS_ARCHIVE_XZ || kind == KS_ARCHIVE_LZIP) {
		rc = ks_xz_open(
			&archive->xz, bytes, kind == KS_ARCHIVE_LZIP, err);
		if (rc < 0)
			return rc;
	}
	archive->handle = f->f_read_new();
	if (!archive->handle)
		return ks_fail_nomem(err);
	/* Without it names that are not ASCII lose what they are. */
	archive->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	before = enter(archive);
	rc = support(f, archive->handle, kind);
	if (rc == ARCHIVE_OK)
		rc = open_handle(archive, bytes);
	leave(before);
	if (rc != ARCHIVE_OK || f->f_errno(archive->handle))
		return fail(archive, err);
	return KS_OK;
}

int ks_archive_open(struct ks_archive **out, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err)
{
	struct ks_archive *archive = calloc(1, sizeof(*archive));
	int rc;

	*out = NULL;
	if (!archive)
		return ks_fail_nomem(err);
	archive->f = ks_libarchive(err);
	rc = archive->f ? open_bytes(archive, bytes, kind, err)
			: KS_E_UNSUPPORTED;
	if (rc == KS_OK)
		*out = archive;
	else
		ks_archive_free(archive);
	return rc;
}

/* Bytes that are said to be in no character set come as they are. */
static struct ks_span name_of(const struct ks_archive *archive)
{
	const char *name;

	if (archive->f->f_format(archive->handle) == ARCHIVE_FORMAT_RAW)
		return ks_span_of(NULL, 0);
	name = archive->f->f_entry_pathname(archive->entry);
	if (!name)
		name = archive->f->f_entry_pathname_utf8(archive->entry);
	return name && *name ? ks_span_str(name) : ks_span_str("unnamed");
}

bool ks_archive_keeps_all(const struct ks_archive *archive)
{
	const char *format = archive->f->f_format_name(archive->handle);

	switch (archive->f->f_format(archive->handle)) {
	case ARCHIVE_FORMAT_7ZIP:
		return true;
	case ARCHIVE_FORMAT_ZIP:
		return !format || (!strstr(format, "(deflation)") &&
					  !strstr(format, "(uncompressed)"));
	default:
		return false;
	}
}

static void describe(
	const struct ks_archive *archive, struct ks_archive_entry *out)
{
	const struct ks_libarchive *f = archive->f;
	const char *target;

	*out = (struct ks_archive_entry){ .name = name_of(archive) };
	if (f->f_entry_filetype(archive->entry) == AE_IFLNK) {
		out->type = KS_ENTRY_LINK;
		target = f->f_entry_symlink(archive->entry);
		out->target = ks_span_str(target ? target : "");
	} else if (f->f_entry_is_encrypted(archive->entry)) {
		out->type = KS_ENTRY_ENCRYPTED;
	}
}

int ks_archive_next(struct ks_archive *archive, struct ks_archive_entry *out,
	struct ks_err *err)
{
	locale_t before = enter(archive);
	int rc = archive->f->f_read_next_header(
		archive->handle, &archive->entry);

	archive->block_n = 0;
	archive->at = archive->block_at = 0;
	archive->is_over = false;
	archive->why.code = KS_OK;
	/* A warning is of names or times: the entry is there. */
	if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
		describe(archive, out);
	leave(before);
	if (rc == ARCHIVE_EOF)
		return 0;
	return rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? 1 : fail(archive, err);
}

/* The next block; what lies between it and the last one is a hole. */
static void fetch(struct ks_archive *archive)
{
	const void *p = NULL;
	size_t n = 0;
	int64_t at = archive->at;
	int rc = archive->f->f_read_data_block(archive->handle, &p, &n, &at);

	if (rc != ARCHIVE_OK && rc != ARCHIVE_EOF)
		fail(archive, &archive->why);
	else if (n > INT64_MAX || at > INT64_MAX - (int64_t)n)
		ks_fail(&archive->why, KS_E_CORRUPT, "it has no end");
	archive->is_over = rc != ARCHIVE_OK || archive->why.code;
	if (archive->is_over)
		return;
	archive->block = p;
	archive->block_n = n;
	archive->block_at = at > archive->at ? at : archive->at;
}

/* Up to ${n} bytes that are at hand: zeros of a hole, or those of the block. */
static size_t take(struct ks_archive *archive, uint8_t *to, size_t n)
{
	uint64_t hole = (uint64_t)(archive->block_at - archive->at);

	if (hole) {
		n = hole < n ? (size_t)hole : n;
		memset(to, 0, n);
	} else {
		n = archive->block_n < n ? archive->block_n : n;
		memcpy(to, archive->block, n);
		archive->block += n;
		archive->block_n -= n;
		archive->block_at += (int64_t)n;
	}
	archive->at += (int64_t)n;
	return n;
}

static int read_entry(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct ks_archive *archive = payload;

	(void)err;
	*got = 0;
	while (*got < n) {
		if (archive->block_n)
			*got += take(archive, to + *got, n - *got);
		else if (archive->is_over)
			break;
		else
			fetch(archive);
	}
	return KS_OK;
}

struct ks_stream ks_archive_stream(struct ks_archive *archive)
{
	return (struct ks_stream){ read_entry, archive };
}

int ks_archive_why(const struct ks_archive *archive, struct ks_err *err)
{
	if (archive->why.code && err)
		*err = archive->why;
	return archive->why.code;
}

bool ks_archive_is_encrypted(const struct ks_archive *archive)
{
	return archive->f->f_read_has_encrypted_entries(archive->handle) > 0;
}

void ks_archive_free(struct ks_archive *archive)
{
	if (!archive)
		return;
	if (archive->handle)
		archive->f->f_read_free(archive->handle);
	ks_xz_free(archive->xz);
	if (archive->names)
		freelocale(archive->names);
	free(archive);
}
