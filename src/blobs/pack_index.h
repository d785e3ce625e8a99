/* SPDX-License-Identifier: Apache-2.0 */
/* The .idx file of a pack: object id -> offset; gitformat-pack(5). */
#ifndef KS_BLOBS_PACK_INDEX_H
#define KS_BLOBS_PACK_INDEX_H

#include "base/map.h"
#include "base/oid.h"

/* Read-only once opened; may be shared by threads. */
struct ks_pack_index {
	struct ks_map map;
	size_t hash_bytes;
	uint32_t version; /* 1 or 2 */
	uint32_t count;   /* objects; ids are sorted */
	const uint8_t *fanout;
	const uint8_t *ids;     /* version 1: offsets stand between them */
	const uint8_t *crcs;    /* version 2 */
	const uint8_t *offsets; /* version 2: 4 bytes each */
	const uint8_t *large;   /* version 2: 8 bytes each */
	uint32_t large_count;
};

/*
 * Map and check the index ${path} of a pack whose object ids have
 * ${hash_bytes} bytes. Every size is checked here, so that the accessors
 * need not. KS_E_CORRUPT, KS_E_IO, KS_E_UNSUPPORTED (another version).
 */
KS_MUST_CHECK int ks_pack_index_open(struct ks_pack_index *index,
	const char *path, size_t hash_bytes, struct ks_err *err);

/* The same for an index that is in memory, ${bytes}, borrowed. */
KS_MUST_CHECK int ks_pack_index_parse(struct ks_pack_index *index,
	struct ks_span bytes, size_t hash_bytes, struct ks_err *err);

/* The object id of entry ${i} < count, borrowed, hash_bytes bytes. */
const uint8_t *ks_pack_index_id(const struct ks_pack_index *index, uint32_t i);

/*
 * The offset in the pack of entry ${i} < count; UINT64_MAX where the index
 * is corrupt.
 */
uint64_t ks_pack_index_offset(const struct ks_pack_index *index, uint32_t i);

/* The CRC32 of the packed bytes of entry ${i}; version 2 only. */
uint32_t ks_pack_index_crc(const struct ks_pack_index *index, uint32_t i);

/* Entry ${i} < count is wanted soon: ask the memory for its id and CRC32. */
static inline void ks_pack_index_expect(
	const struct ks_pack_index *index, uint32_t i)
{
	if (index->version == 1)
		return;
	__builtin_prefetch(index->ids + (size_t)i * index->hash_bytes);
	__builtin_prefetch(index->crcs + 4 * (size_t)i);
}

/* The entry of the object ${id} (hash_bytes bytes); UINT32_MAX: not here. */
uint32_t ks_pack_index_find(
	const struct ks_pack_index *index, const uint8_t *id);

/* ${index} may be zeroed. */
void ks_pack_index_close(struct ks_pack_index *index);

#endif
