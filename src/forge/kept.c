/* SPDX-License-Identifier: Apache-2.0 */
/* Earlier answers of servers, kept as files. */
#include "forge/kept.h"

#include "base/file.h"
#include "base/sha256.h"

enum {
	FILE_MAX = 8 << 20 /* bytes */
};

/* One file a URL, named by its hash. */
static int name_file(struct ks_buf *out, const char *folder, const char *url,
	struct ks_err *err)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	int rc = ks_buf_printf(out, "%s/", folder);

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, url, strlen(url));
	ks_sha256_final(&hash, digest);
	for (size_t i = 0; rc == KS_OK && i < sizeof(digest); i++)
		rc = ks_buf_printf(out, "%02x", digest[i]);
	return rc < 0 || !ks_buf_str(out) ? ks_fail_nomem(err) : KS_OK;
}

/* The first line is the ETag. */
static int get(void *payload, const char *url, struct ks_buf *etag,
	struct ks_buf *text, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_buf read = { 0 };
	const uint8_t *end = NULL;
	int rc = name_file(&path, payload, url, err);

	if (rc == KS_OK && ks_buf_read_file_max(&read, (const char *)path.p,
				   FILE_MAX, NULL) == KS_OK)
		end = read.n ? memchr(read.p, '\n', read.n) : NULL;
	if (end) {
		size_t n = (size_t)(end - read.p);

		if (ks_buf_add(etag, read.p, n) < 0 ||
			ks_buf_add(text, end + 1, read.n - n - 1) < 0)
			rc = ks_fail_nomem(err);
	}
	ks_buf_release(&path);
	ks_buf_release(&read);
	return rc;
}

static int put(void *payload, const char *url, struct ks_span etag,
	struct ks_span text, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_buf bytes = { 0 };
	int rc = name_file(&path, payload, url, err);

	if (rc == KS_OK)
		rc = ks_file_make_folders(payload, err);
	if (rc == KS_OK && (ks_buf_add(&bytes, etag.p, etag.n) < 0 ||
				   ks_buf_add_byte(&bytes, '\n') < 0 ||
				   ks_buf_add(&bytes, text.p, text.n) < 0))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)path.p, ks_buf_span(&bytes), 0600, err);
	ks_buf_release(&path);
	ks_buf_release(&bytes);
	return rc;
}

struct ks_forge_cache ks_forge_kept(const char *folder)
{
	struct ks_forge_cache cache = { .get = get, .put = put };

	memcpy(&cache.payload, &folder, sizeof(folder));
	return cache;
}
