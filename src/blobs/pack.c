/* SPDX-License-Identifier: Apache-2.0 */
/* A pack: its entries in the order they lie, linked to their bases. */
#include "blobs/pack.h"

#include "base/endian.h"
#include "blobs/pack_entries.h"

#include <libdeflate.h>
#include <stdlib.h>

enum {
	PACK_HEADER = 12
};

struct ks_oid ks_pack_oid(const struct ks_pack *pack, uint32_t at)
{
	return ks_oid_of(
		ks_pack_index_id(&pack->index, pack->entries[at].index),
		pack->index.hash_bytes);
}

/* The bytes of entry ${at}, head included, up to the next or the trailer. */
static struct ks_span entry_bytes(const struct ks_pack *pack, uint32_t at)
{
	uint64_t from = pack->entries[at].offset;
	uint64_t to = pack->map.bytes.n - pack->index.hash_bytes;

	if (at + 1 < pack->count && pack->entries[at + 1].offset < to)
		to = pack->entries[at + 1].offset;
	if (from < PACK_HEADER || from >= to)
		return ks_span_of(NULL, 0);
	return ks_span_cut(pack->map.bytes, (size_t)from, (size_t)to);
}

/* Type and size; returns the bytes read, 0 where they are corrupt. */
static size_t read_type_size(
	struct ks_span bytes, unsigned *type, uint64_t *size)
{
	unsigned shift = 4;
	size_t i = 1;

	if (bytes.n == 0)
		return 0;
	*type = bytes.p[0] >> 4 & 7;
	*size = bytes.p[0] & 15;
	while (bytes.p[i - 1] & 0x80) {
		if (i == bytes.n || shift > 60 ||
			(shift == 60 && bytes.p[i] > 15))
			return 0;
		*size |= (uint64_t)(bytes.p[i++] & 0x7f) << shift;
		shift += 7;
	}
	return i;
}

/* The distance of an OFS_DELTA; returns bytes read, 0 where corrupt. */
static size_t read_distance(struct ks_span bytes, uint64_t *distance)
{
	size_t i = 1;

	if (bytes.n == 0)
		return 0;
	*distance = bytes.p[0] & 0x7f;
	while (bytes.p[i - 1] & 0x80) {
		if (i == bytes.n || *distance >= UINT64_MAX >> 8)
			return 0;
		*distance = ((*distance + 1) << 7) | (bytes.p[i++] & 0x7f);
	}
	return i;
}

/* What stands between type and data: how a delta names its base. */
static int read_base(struct ks_entry_head *out, const struct ks_pack *pack,
	uint64_t offset, struct ks_span rest, size_t *used)
{
	uint64_t distance;

	*used = 0;
	if (out->type == KS_PACK_OFS_DELTA) {
		*used = read_distance(rest, &distance);
		if (*used == 0 || distance == 0 || distance >= offset)
			return KS_E_CORRUPT;
		out->base = offset - distance;
	} else if (out->type == KS_PACK_REF_DELTA) {
		if (rest.n < pack->index.hash_bytes)
			return KS_E_CORRUPT;
		out->base_id = rest.p;
		*used = pack->index.hash_bytes;
	} else if (out->type < KS_OBJECT_COMMIT || out->type > KS_OBJECT_TAG) {
		return KS_E_CORRUPT;
	}
	return KS_OK;
}

/* Parse the head of the entry at ${offset}, which is in ${bytes}. */
static int parse_head(struct ks_entry_head *out, const struct ks_pack *pack,
	uint64_t offset, struct ks_span bytes, struct ks_err *err)
{
	size_t used;
	size_t more;

	*out = (struct ks_entry_head){ 0 };
	used = read_type_size(bytes, &out->type, &out->size);
	if (used == 0)
		return ks_fail(err, KS_E_CORRUPT,
			"the head of its pack entry is corrupt");
	bytes = ks_span_cut(bytes, used, bytes.n);
	if (read_base(out, pack, offset, bytes, &more) < 0)
		return ks_fail(err, KS_E_CORRUPT,
			"the head of its pack entry is corrupt");
	out->packed = ks_span_cut(bytes, more, bytes.n);
	return KS_OK;
}

int ks_pack_head(struct ks_entry_head *out, const struct ks_pack *pack,
	uint32_t at, struct ks_err *err)
{
	return parse_head(out, pack, pack->entries[at].offset,
		entry_bytes(pack, at), err);
}

int ks_pack_head_at(struct ks_entry_head *out, const struct ks_pack *pack,
	uint64_t offset, struct ks_err *err)
{
	uint64_t end = pack->map.bytes.n - pack->index.hash_bytes;
	struct ks_span bytes = { NULL, 0 };

	if (offset >= PACK_HEADER && offset < end)
		bytes = ks_span_cut(
			pack->map.bytes, (size_t)offset, (size_t)end);
	return parse_head(out, pack, offset, bytes, err);
}

uint64_t ks_pack_offset_of(const struct ks_pack *pack, const uint8_t *id)
{
	uint32_t at = ks_pack_index_find(&pack->index, id);

	return at == UINT32_MAX ? UINT64_MAX
				: ks_pack_index_offset(&pack->index, at);
}

uint32_t ks_pack_claimed(const struct ks_pack *pack)
{
	return ks_be32(pack->map.bytes.p + 8);
}

bool ks_pack_crc_ok(const struct ks_pack *pack, uint32_t at)
{
	struct ks_span bytes = entry_bytes(pack, at);

	if (pack->index.version == 1)
		return true;
	return libdeflate_crc32(0, bytes.p, bytes.n) ==
	       ks_pack_index_crc(&pack->index, pack->entries[at].index);
}

void ks_pack_expect_entries(const struct ks_pack *pack, uint32_t at)
{
	const struct ks_entry *entry = &pack->entries[at];

	if (entry->child != KS_ENTRY_NONE)
		__builtin_prefetch(&pack->entries[entry->child]);
	if (entry->sibling != KS_ENTRY_NONE)
		__builtin_prefetch(&pack->entries[entry->sibling]);
}

/* The head of an entry and the start of its data: most deltas are short. */
static void expect_entry(const struct ks_pack *pack, uint32_t at)
{
	enum {
		LINE = 64,
		EXPECTED = 4 * LINE
	};
	const struct ks_entry *entry = &pack->entries[at];
	struct ks_span bytes = pack->map.bytes;

	if (entry->offset >= bytes.n || bytes.n - entry->offset < EXPECTED)
		return;
	for (size_t i = 0; i < EXPECTED; i += LINE)
		__builtin_prefetch(bytes.p + entry->offset + i);
	ks_pack_index_expect(&pack->index, entry->index);
}

void ks_pack_expect_bytes(const struct ks_pack *pack, uint32_t at)
{
	const struct ks_entry *entry = &pack->entries[at];

	if (entry->child != KS_ENTRY_NONE)
		expect_entry(pack, entry->child);
	if (entry->sibling != KS_ENTRY_NONE)
		expect_entry(pack, entry->sibling);
}

static int check_header(const struct ks_pack *pack, struct ks_err *err)
{
	struct ks_span bytes = pack->map.bytes;
	uint32_t version;

	if (bytes.n < PACK_HEADER + pack->index.hash_bytes ||
		memcmp(bytes.p, "PACK", 4) != 0)
		return ks_fail(
			err, KS_E_CORRUPT, "'%s' is not a pack", pack->path);
	version = ks_be32(bytes.p + 4);
	if (version != 2 && version != 3)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has version %u, of which nothing is known",
			pack->path, version);
	return KS_OK;
}

static char *index_path(const char *path)
{
	size_t stem = strlen(path) - strlen(".pack");
	char *name = malloc(stem + sizeof(".idx"));

	if (name) {
		memcpy(name, path, stem);
		memcpy(name + stem, ".idx", sizeof(".idx"));
	}
	return name;
}

int ks_pack_map(struct ks_pack *pack, const char *path, size_t hash_bytes,
	struct ks_err *err)
{
	char *idx = index_path(path);
	int rc;

	*pack = (struct ks_pack){ .path = strdup(path) };
	rc = !idx || !pack->path ? ks_fail_nomem(err) : KS_OK;
	if (rc == KS_OK)
		rc = ks_pack_index_open(&pack->index, idx, hash_bytes, err);
	if (rc == KS_OK)
		rc = ks_map_open(&pack->map, path, err);
	if (rc == KS_OK)
		rc = check_header(pack, err);
	if (rc < 0)
		ks_pack_close(pack);
	free(idx);
	return rc;
}

int ks_pack_open(struct ks_pack *pack, const char *path, size_t hash_bytes,
	struct ks_err *err)
{
	int rc = ks_pack_map(pack, path, hash_bytes, err);

	if (rc < 0)
		return rc;
	rc = ks_pack_entries_make(pack, err);
	if (rc < 0)
		ks_pack_close(pack);
	return rc;
}

void ks_pack_mark_repeated(struct ks_pack *pack, const struct ks_pack *earlier)
{
	for (uint32_t at = 0; at < pack->count; at++) {
		const uint8_t *id =
			ks_pack_index_id(&pack->index, pack->entries[at].index);

		if (ks_pack_index_find(&earlier->index, id) != UINT32_MAX)
			pack->repeated[at / 8] |= (uint8_t)(1u << at % 8);
	}
}

void ks_pack_close(struct ks_pack *pack)
{
	ks_map_close(&pack->map);
	ks_pack_index_close(&pack->index);
	free(pack->entries);
	free(pack->repeated);
	free(pack->path);
	*pack = (struct ks_pack){ 0 };
}
