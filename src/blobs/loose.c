/* SPDX-License-Identifier: Apache-2.0 */
/* Loose objects: gitformat-loose(5). */
#include "blobs/loose.h"

#include "base/array.h"
#include "base/map.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

int ks_loose_begin(
	struct ks_loose_file *file, struct ks_span bytes, struct ks_err *err)
{
	int rc;

	*file = (struct ks_loose_file){ .bytes = bytes };
	rc = ks_inflow_open(&file->flow, bytes, err);
	if (rc == KS_OK)
		rc = ks_inflow_read(&file->flow, file->head, sizeof(file->head),
			&file->head_n, err);
	if (rc < 0)
		return rc;
	file->head_at = parse_header(
		ks_span_of(file->head, file->head_n), &file->type, &file->size);
	return file->head_at ? KS_OK
			     : ks_fail(err, KS_E_CORRUPT,
				       "loose object has no proper head");
}

int ks_loose_open(struct ks_loose_file *file, const char *path,
	const struct ks_oid *oid, size_t hash_bytes, struct ks_err *err)
{
	char name[4096];
	struct ks_map map;
	int rc;

	*file = (struct ks_loose_file){ .size = 0 };
	name_file(name, sizeof(name), path, oid, hash_bytes);
	rc = ks_map_open(&map, name, err);
	if (rc < 0)
		return rc;
	rc = ks_loose_begin(file, map.bytes, err);
	file->map = map;
	return rc;
}

int ks_loose_next(struct ks_loose_file *file, uint8_t *to, size_t n,
	size_t *got, struct ks_err *err)
{
	size_t ready = file->head_n - file->head_at;
	int rc;

	if (ready > n)
		ready = n;
	memcpy(to, file->head + file->head_at, ready);
	file->head_at += ready;
	rc = ks_inflow_read(&file->flow, to + ready, n - ready, got, err);
	*got += ready;
	return rc;
}

static int wrong_size(struct ks_err *err)
{
	return ks_fail(
		err, KS_E_CORRUPT, "loose object has not the size it says");
}

/* zlib cannot make more of a byte than this. */
static bool may_be_so_large(const struct ks_loose_file *file)
{
	return file->size / 1032 <= file->bytes.n;
}

/* The head is inflated once more: that takes less than going on behind it. */
int ks_loose_load(struct ks_room *out, struct ks_span *bytes,
	struct ks_inflate *inflate, struct ks_loose_file *file, uint64_t large,
	struct ks_err *err)
{
	uint64_t size = file->size + file->head_at;
	uint8_t *to;
	int rc;

	if (!may_be_so_large(file))
		return wrong_size(err);
	rc = ks_room_make(out, size, large, &to, err);
	if (rc == KS_OK)
		rc = ks_inflate_exact(
			inflate, to, (size_t)size, file->bytes, err);
	if (rc < 0)
		return rc;
	*bytes = ks_span_cut(ks_room_span(out), file->head_at, (size_t)size);
	return KS_OK;
}

int ks_loose_check(struct ks_loose_file *file, struct ks_err *err)
{
	if (!may_be_so_large(file))
		return wrong_size(err);
	return ks_inflow_check(file->bytes, file->head_at + file->size, err);
}

static int read_file(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	return ks_loose_next(payload, to, n, got, err);
}

struct ks_stream ks_loose_stream(struct ks_loose_file *file)
{
	return (struct ks_stream){ read_file, file };
}

void ks_loose_close(struct ks_loose_file *file)
{
	ks_inflow_close(&file->flow);
	ks_map_close(&file->map);
}

void ks_loose_release(struct ks_loose_list *list)
{
	free(list->list);
	*list = (struct ks_loose_list){ 0 };
}
