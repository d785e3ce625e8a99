/* SPDX-License-Identifier: Apache-2.0 */
/* A pack: its entries in the order they lie, linked to their bases. */
#ifndef KS_BLOBS_PACK_H
#define KS_BLOBS_PACK_H

#include "blobs/object.h"
#include "blobs/pack_index.h"

enum {
	KS_PACK_OFS_DELTA = 6, /* type field: base by distance */
	KS_PACK_REF_DELTA = 7, /* type field: base by object id */
};

#define KS_ENTRY_NONE UINT32_MAX

/*
 * An entry, 24 bytes: a pack of 5 million objects costs 120 MB. Entries are
 * sorted by offset and named by their place in that order.
 */
struct ks_entry {
	uint64_t offset;  /* of the entry's head in the pack */
	uint32_t index;   /* its place in the pack index */
	uint32_t base;    /* entry, KS_ENTRY_NONE: none in this pack */
	uint32_t child;   /* first delta against it, by offset */
	uint32_t sibling; /* next delta against the same base */
};

/* Read-only once opened and linked; may be shared by threads. */
struct ks_pack {
	char *path; /* of the .pack */
	struct ks_map map;
	struct ks_pack_index index;
	/* Those below are of ks_pack_open() only. */
	struct ks_entry *entries;
	uint32_t count;
	/* A bit an entry: met in an earlier pack. */
	uint8_t *repeated;
};

/* The head of an entry, parsed. */
struct ks_entry_head {
	unsigned type;          /* ks_object_type, or a KS_PACK_…_DELTA */
	uint64_t size;          /* inflated: of the object, or of its delta */
	uint64_t base;          /* OFS_DELTA: offset of the base */
	const uint8_t *base_id; /* REF_DELTA: its object id */
	struct ks_span packed;  /* zlib stream, up to the next entry */
};

/*
 * Map the pack ${path} ("….pack") and its index, sort its entries and link
 * each delta to its base. An entry whose head is corrupt stays unlinked and
 * is met again when it is visited. KS_E_CORRUPT, KS_E_IO, KS_E_UNSUPPORTED,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_pack_open(struct ks_pack *pack, const char *path,
	size_t hash_bytes, struct ks_err *err);

/*
 * The same without entries: to read a few objects by their offsets, sorting
 * and linking millions is not worth it. Errors as above.
 */
KS_MUST_CHECK int ks_pack_map(struct ks_pack *pack, const char *path,
	size_t hash_bytes, struct ks_err *err);

/*
 * Parse the head of the entry at ${offset}, which need not be one: ${packed}
 * reaches to the end of the pack. KS_E_CORRUPT; ${out} borrows from the pack.
 */
KS_MUST_CHECK int ks_pack_head_at(struct ks_entry_head *out,
	const struct ks_pack *pack, uint64_t offset, struct ks_err *err);

/*
 * The offset of the object ${id} (hash_bytes bytes); UINT64_MAX where it is
 * not here or the index is corrupt.
 */
uint64_t ks_pack_offset_of(const struct ks_pack *pack, const uint8_t *id);

/*
 * Parse the head of entry ${at} < count. KS_E_CORRUPT with what is wrong;
 * ${out} borrows from the pack.
 */
KS_MUST_CHECK int ks_pack_head(struct ks_entry_head *out,
	const struct ks_pack *pack, uint32_t at, struct ks_err *err);

/* How many objects the head of ${pack} says that it holds. */
uint32_t ks_pack_claimed(const struct ks_pack *pack);

/*
 * Check the packed bytes of entry ${at} against the CRC32 of the index; true
 * if there is none (version 1).
 */
bool ks_pack_crc_ok(const struct ks_pack *pack, uint32_t at);

/*
 * The entry that starts at ${offset}, or KS_ENTRY_NONE. Of several, in a
 * corrupt index, the last: it alone has bytes before the next.
 */
uint32_t ks_pack_entry_at(const struct ks_pack *pack, uint64_t offset);

/* The object id of entry ${at}. */
struct ks_oid ks_pack_oid(const struct ks_pack *pack, uint32_t at);

static inline bool ks_pack_is_repeated(const struct ks_pack *pack, uint32_t at)
{
	return pack->repeated[at / 8] >> at % 8 & 1;
}

/*
 * A walk depth first jumps about in the pack, its index and the entries, and
 * would wait for memory at each. These ask for what comes next while there is
 * something else to do: first for the entries of the first delta against
 * ${at} and of its sibling, later, when they are there, for what those name.
 */
void ks_pack_expect_entries(const struct ks_pack *pack, uint32_t at);
void ks_pack_expect_bytes(const struct ks_pack *pack, uint32_t at);

/*
 * Mark the entries of ${pack} that ${earlier} has too. O(n log m).
 */
void ks_pack_mark_repeated(struct ks_pack *pack, const struct ks_pack *earlier);

/* ${pack} may be zeroed. */
void ks_pack_close(struct ks_pack *pack);

#endif
