/* SPDX-License-Identifier: Apache-2.0 */
/* Loose objects: gitformat-loose(5). */
#include "blobs/loose.h"

#include "base/array.h"
#include "base/map.h"
#include "blobs/inflate.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* "commit " and twenty digits and a NUL. */
enum {
	HEADER_MAX = 32
};

/* What git is writing, or was when it was stopped: objects, quarantines. */
static bool is_temporary(const char *name)
{
	return ks_span_starts(ks_span_str(name), "tmp_obj") ||
	       ks_span_starts(ks_span_str(name), "incoming-");
}

static bool is_hex(const char *text, size_t n)
{
	return strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

/* Would it be an object if ids were as long as they are not? */
static bool is_foreign(const char *name, size_t hash_bytes)
{
	size_t other = hash_bytes == KS_OID_SHA1 ? KS_OID_SHA256 : KS_OID_SHA1;

	return is_hex(name, 2 * other - 2);
}

/* The objects whose ids begin with the two digits ${fan}. */
static int find_in_fan(struct ks_loose_list *out, const char *path,
	const char *fan, uint32_t dir, size_t hash_bytes, struct ks_err *err)
{
	char name[4096];
	char hex[KS_OID_HEX_MAX];
	struct dirent *item;
	DIR *folder;
	int rc = KS_OK;

	snprintf(name, sizeof(name), "%s/%s", path, fan);
	folder = opendir(name);
	if (!folder)
		return ks_fail_errno(err, errno, "cannot list '%s'", name);
	while (rc == KS_OK && (item = readdir(folder))) {
		out->temporary += is_temporary(item->d_name);
		out->foreign += is_foreign(item->d_name, hash_bytes);
		if (!is_hex(item->d_name, 2 * hash_bytes - 2))
			continue;
		if (ks_array_reserve(&out->list, &out->cap, out->count + 1,
			    sizeof(*out->list)) < 0) {
			rc = ks_fail_nomem(err);
			break;
		}
		memcpy(hex, fan, 2);
		memcpy(hex + 2, item->d_name, 2 * hash_bytes - 1);
		out->list[out->count].dir = dir;
		ks_oid_parse(&out->list[out->count++].oid, hex, hash_bytes);
	}
	closedir(folder);
	return rc;
}

static int by_oid(const void *a, const void *b)
{
	const struct ks_loose *left = a;
	const struct ks_loose *right = b;
	int order = memcmp(left->oid.id, right->oid.id, KS_OID_MAX);

	return order ? order
		     : (left->dir > right->dir) - (left->dir < right->dir);
}

int ks_loose_find(struct ks_loose_list *out, const char *path, uint32_t dir,
	size_t hash_bytes, struct ks_err *err)
{
	struct dirent *item;
	DIR *folder = opendir(path);
	int rc = KS_OK;

	if (!folder)
		return ks_fail_errno(err, errno, "cannot list '%s'", path);
	while (rc != KS_E_NOMEM && (item = readdir(folder))) {
		int found = KS_OK;

		out->temporary += is_temporary(item->d_name);
		if (is_hex(item->d_name, 2))
			found = find_in_fan(
				out, path, item->d_name, dir, hash_bytes, err);
		if (found < 0)
			rc = found;
	}
	closedir(folder);
	if (out->count)
		qsort(out->list, out->count, sizeof(*out->list), by_oid);
	return rc;
}

/* "<type> <size>\0" at the head; returns its bytes, 0 where it is none. */
static size_t parse_header(
	struct ks_span head, enum ks_object_type *type, uint64_t *size)
{
	const uint8_t *end = memchr(head.p, '\0', head.n);
	const uint8_t *space = end ? memchr(head.p, ' ', head.n) : NULL;

	if (!end || !space || space > end || end == space + 1)
		return 0;
	*type = ks_object_type_parse(
		ks_span_of(head.p, (size_t)(space - head.p)));
	*size = 0;
	for (const uint8_t *p = space + 1; p < end; p++) {
		if (*p < '0' || *p > '9' || *size > UINT64_MAX / 10 - 1)
			return 0;
		*size = *size * 10 + (uint64_t)(*p - '0');
	}
	return *type == KS_OBJECT_NONE ? 0 : (size_t)(end - head.p) + 1;
}

int ks_loose_parse(struct ks_buf *out, enum ks_object_type *type,
	struct ks_span file, uint64_t limit, struct ks_err *err)
{
	uint64_t size;
	size_t head;

	ks_buf_reset(out);
	if (ks_inflate_some(out, HEADER_MAX, file, err) < 0)
		return KS_E_CORRUPT;
	head = out->n ? parse_header(ks_buf_span(out), type, &size) : 0;
	if (head == 0)
		return ks_fail(
			err, KS_E_CORRUPT, "loose object has no proper head");
	if (size > limit)
		return ks_fail(err, KS_E_LIMIT,
			"%" PRIu64 " bytes are over the limit", size);
	ks_buf_reset(out);
	if (ks_inflate_some(out, head + (size_t)size + 1, file, err) < 0)
		return KS_E_CORRUPT;
	if (out->n != head + size)
		return ks_fail(err, KS_E_CORRUPT,
			"loose object has not the size it says");
	out->n -= head;
	memmove(out->p, out->p + head, out->n);
	return KS_OK;
}

static void name_file(char *name, size_t size, const char *path,
	const struct ks_oid *oid, size_t hash_bytes)
{
	char hex[KS_OID_HEX_MAX];

	ks_oid_hex(oid, hash_bytes, hex);
	snprintf(name, size, "%s/%.2s/%s", path, hex, hex + 2);
}

bool ks_loose_has(const char *path, const struct ks_oid *oid, size_t hash_bytes)
{
	char name[4096];

	name_file(name, sizeof(name), path, oid, hash_bytes);
	return access(name, F_OK) == 0;
}

int ks_loose_read(struct ks_buf *out, enum ks_object_type *type,
	const char *path, const struct ks_oid *oid, size_t hash_bytes,
	uint64_t limit, struct ks_err *err)
{
	char name[4096];
	struct ks_map map;
	int rc;

	name_file(name, sizeof(name), path, oid, hash_bytes);
	rc = ks_map_open(&map, name, err);
	if (rc < 0)
		return rc;
	rc = ks_loose_parse(out, type, map.bytes, limit, err);
	ks_map_close(&map);
	return rc;
}

void ks_loose_release(struct ks_loose_list *list)
{
	free(list->list);
	*list = (struct ks_loose_list){ 0 };
}
