/* SPDX-License-Identifier: Apache-2.0 */
/* The .idx file of a pack: object id -> offset; gitformat-pack(5). */
#include "blobs/pack_index.h"

#include "base/endian.h"

enum {
	FANOUT_BYTES = 256 * 4,
	HEADER_BYTES = 8
};

static const uint8_t magic[4] = { 0xff, 't', 'O', 'c' };

static int check_fanout(struct ks_pack_index *index, struct ks_err *err)
{
	uint32_t before = 0;

	for (int i = 0; i < 256; i++) {
		uint32_t upto = ks_be32(index->fanout + 4 * i);

		if (upto < before)
			return ks_fail(err, KS_E_CORRUPT,
				"pack index has a fan-out table out of order");
		before = upto;
	}
	index->count = before;
	return KS_OK;
}

/* Version 1: fan-out, then (offset, id) for each object, two trailers. */
static int parse_v1(
	struct ks_pack_index *index, struct ks_span bytes, struct ks_err *err)
{
	uint64_t entry = 4 + index->hash_bytes;
	uint64_t trailers = 2 * index->hash_bytes;

	index->version = 1;
	if (bytes.n < FANOUT_BYTES + trailers)
		return ks_fail(err, KS_E_CORRUPT, "pack index is truncated");
	index->fanout = bytes.p;
	if (check_fanout(index, err) < 0)
		return KS_E_CORRUPT;
	index->ids = bytes.p + FANOUT_BYTES;
	if (bytes.n != FANOUT_BYTES + index->count * entry + trailers)
		return ks_fail(err, KS_E_CORRUPT,
			"pack index has the wrong size for %u objects",
			index->count);
	return KS_OK;
}

static int parse_v2(
	struct ks_pack_index *index, struct ks_span bytes, struct ks_err *err)
{
	uint64_t fixed = HEADER_BYTES + FANOUT_BYTES + 2 * index->hash_bytes;
	uint64_t tables;

	index->version = 2;
	if (bytes.n < fixed)
		return ks_fail(err, KS_E_CORRUPT, "pack index is truncated");
	index->fanout = bytes.p + HEADER_BYTES;
	if (check_fanout(index, err) < 0)
		return KS_E_CORRUPT;
	tables = (uint64_t)index->count * (index->hash_bytes + 4 + 4);
	if (bytes.n < fixed + tables || (bytes.n - fixed - tables) % 8)
		return ks_fail(err, KS_E_CORRUPT,
			"pack index has the wrong size for %u objects",
			index->count);
	index->large_count = (uint32_t)((bytes.n - fixed - tables) / 8);
	index->ids = index->fanout + FANOUT_BYTES;
	index->crcs = index->ids + (size_t)index->count * index->hash_bytes;
	index->offsets = index->crcs + 4 * (size_t)index->count;
	index->large = index->offsets + 4 * (size_t)index->count;
	return KS_OK;
}

int ks_pack_index_parse(struct ks_pack_index *index, struct ks_span bytes,
	size_t hash_bytes, struct ks_err *err)
{
	*index = (struct ks_pack_index){ .hash_bytes = hash_bytes };
	if (bytes.n < HEADER_BYTES)
		return ks_fail(err, KS_E_CORRUPT, "pack index is truncated");
	if (memcmp(bytes.p, magic, sizeof(magic)) != 0)
		return parse_v1(index, bytes, err);
	if (ks_be32(bytes.p + 4) != 2)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"pack index has version %u, of which nothing is known",
			ks_be32(bytes.p + 4));
	return parse_v2(index, bytes, err);
}

int ks_pack_index_open(struct ks_pack_index *index, const char *path,
	size_t hash_bytes, struct ks_err *err)
{
	struct ks_map map;
	int rc = ks_map_open(&map, path, err);

	*index = (struct ks_pack_index){ 0 };
	if (rc < 0)
		return rc;
	rc = ks_pack_index_parse(index, map.bytes, hash_bytes, err);
	if (rc < 0) {
		ks_map_close(&map);
		ks_err_wrap(err, "'%s'", path);
		return rc;
	}
	index->map = map;
	return KS_OK;
}

const uint8_t *ks_pack_index_id(const struct ks_pack_index *index, uint32_t i)
{
	if (index->version == 1)
		return index->ids + i * (4 + index->hash_bytes) + 4;
	return index->ids + i * index->hash_bytes;
}

uint64_t ks_pack_index_offset(const struct ks_pack_index *index, uint32_t i)
{
	uint32_t offset;

	if (index->version == 1)
		return ks_be32(index->ids + i * (4 + index->hash_bytes));
	offset = ks_be32(index->offsets + 4 * (size_t)i);
	if (!(offset & 0x80000000))
		return offset;
	offset &= 0x7fffffff;
	if (offset >= index->large_count)
		return UINT64_MAX;
	return ks_be64(index->large + 8 * (size_t)offset);
}

uint32_t ks_pack_index_crc(const struct ks_pack_index *index, uint32_t i)
{
	return ks_be32(index->crcs + 4 * (size_t)i);
}

/*
 * Ids are hashes, so their place can be guessed; from there in growing steps
 * until the id is passed, then halving: a few lines of memory are touched,
 * not one for each halving.
 */
uint32_t ks_pack_index_find(
	const struct ks_pack_index *index, const uint8_t *id)
{
	uint32_t low = id[0] ? ks_be32(index->fanout + 4 * (id[0] - 1)) : 0;
	uint32_t high = ks_be32(index->fanout + 4 * id[0]);
	uint64_t part = (uint64_t)(high - low) * ks_be32(id + 1) >> 32;
	uint32_t at = low + (uint32_t)part;
	uint64_t step = 8;

	while (low < high) {
		int order = memcmp(
			id, ks_pack_index_id(index, at), index->hash_bytes);

		if (order == 0)
			return at;
		if (order < 0)
			high = at;
		else
			low = at + 1;
		if (high - low <= step)
			at = low + (high - low) / 2;
		else
			at = order < 0 ? high - (uint32_t)step
				       : low + (uint32_t)step;
		step *= 2;
	}
	return UINT32_MAX;
}

void ks_pack_index_close(struct ks_pack_index *index)
{
	ks_map_close(&index->map);
	*index = (struct ks_pack_index){ 0 };
}
