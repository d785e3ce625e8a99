/* SPDX-License-Identifier: Apache-2.0 */
/* One object by its id, wherever it lies. */
#include "blobs/reader.h"

#include "base/array.h"
#include "blobs/room.h"

#include <stdlib.h>

enum {
	SLOTS = 4096,     /* kept objects; a power of two */
	CHAIN_MAX = 65536 /* deltas one upon the other */
};

/* A rebuilt entry; direct-mapped: a newer one replaces it. */
struct kept {
	const struct ks_pack *pack; /* NULL: free */
	uint64_t offset;            /* of the entry in it */
	enum ks_object_type type;
	struct ks_room bytes;
};

/* An entry on the way up. */
struct link {
	uint64_t offset;
	struct ks_entry_head head;
};

struct ks_reader {
	const struct ks_store *store;
	struct ks_inflate inflate;
	struct ks_delta delta;
	struct ks_room code;
	struct ks_room loose;
	struct link *chain; /* from the object up to a base in hand */
	size_t chain_cap;
	size_t budget;
	uint64_t large;
	size_t in_use;
	struct kept kept[SLOTS];
	struct kept scratch[2]; /* for what is too large to keep */
	struct ks_reader_how how;
};

enum {
	PLACE_PACK_SHIFT = 48 /* below: the offset, above: the pack */
};

int ks_reader_new(struct ks_reader **out, const struct ks_store *store,
	size_t cache, uint64_t large, struct ks_err *err)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ks_fail_nomem(err);
	(*out)->store = store;
	(*out)->budget = cache;
	(*out)->large = large ? large : UINT64_MAX;
	return KS_OK;
}

static struct kept *slot_of(
	struct ks_reader *reader, const struct ks_pack *pack, uint64_t offset)
{
	uint64_t hash =
		(offset ^ (uint64_t)(uintptr_t)pack << 32) * 0x9e3779b97f4a7c15;

	return &reader->kept[hash >> 32 & (SLOTS - 1)];
}

static struct kept *find_kept(
	struct ks_reader *reader, const struct ks_pack *pack, uint64_t offset)
{
	struct kept *kept = slot_of(reader, pack, offset);

	return kept->pack == pack && kept->offset == offset ? kept : NULL;
}

/* Where the entry, of ${size} bytes, is to be built; not over ${base}. */
static int place(struct ks_reader *reader, const struct ks_pack *pack,
	uint64_t offset, uint64_t size, const struct kept *base,
	struct kept **out, uint8_t **bytes, struct ks_err *err)
{
	struct kept *kept = slot_of(reader, pack, offset);
	int rc;

	if (kept == base || size > reader->budget / 16) {
		kept = base == &reader->scratch[0] ? &reader->scratch[1]
						   : &reader->scratch[0];
	} else {
		reader->in_use -= ks_room_memory(&kept->bytes);
		if (reader->in_use + size > reader->budget) {
			for (size_t i = 0; i < SLOTS; i++) {
				struct kept *old = &reader->kept[i];

				if (old == base || old == kept)
					continue;
				ks_room_release(&old->bytes);
				old->pack = NULL;
			}
			reader->in_use =
				base ? ks_room_memory(&base->bytes) : 0;
		}
	}
	kept->pack = NULL;
	rc = ks_room_make(&kept->bytes, size, reader->large, bytes, err);
	if (kept >= reader->kept && kept < reader->kept + SLOTS)
		reader->in_use += ks_room_memory(&kept->bytes);
	*out = kept;
	return rc;
}

static int check_size(
	uint64_t size, size_t packed, uint64_t limit, struct ks_err *err)
{
	if (size > limit)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)size);
	if (size / 1032 > packed)
		return ks_fail(err, KS_E_CORRUPT,
			"its size cannot be right for %zu packed bytes",
			packed);
	return KS_OK;
}

/* Build the full object ${link}. */
static int build_full(struct ks_reader *reader, const struct ks_pack *pack,
	const struct link *link, uint64_t limit, struct kept **out,
	struct ks_err *err)
{
	const struct ks_entry_head *head = &link->head;
	int rc = check_size(head->size, head->packed.n, limit, err);
	struct kept *kept;
	uint8_t *bytes;

	if (rc == KS_OK)
		rc = place(reader, pack, link->offset, head->size, NULL, &kept,
			&bytes, err);
	if (rc < 0)
		return rc;
	rc = ks_inflate_exact(
		&reader->inflate, bytes, (size_t)head->size, head->packed, err);
	if (rc < 0)
		return rc;
	kept->pack = pack;
	kept->offset = link->offset;
	kept->type = (enum ks_object_type)head->type;
	*out = kept;
	return KS_OK;
}

/* Build ${link}, a delta against ${*built}, which it replaces. */
static int build_delta(struct ks_reader *reader, const struct ks_pack *pack,
	const struct link *link, uint64_t limit, struct kept **built,
	struct ks_err *err)
{
	const struct ks_entry_head *head = &link->head;
	const struct kept *base = *built;
	uint64_t base_size;
	uint64_t size;
	struct kept *kept;
	uint8_t *bytes;
	int rc = check_size(head->size, head->packed.n, limit, err);

	if (rc == KS_OK)
		rc = ks_room_make(
			&reader->code, head->size, reader->large, &bytes, err);
	if (rc == KS_OK)
		rc = ks_inflate_exact(&reader->inflate, bytes,
			(size_t)head->size, head->packed, err);
	if (rc < 0)
		return rc;
	if (!ks_delta_sizes(ks_room_span(&reader->code), &base_size, &size))
		return ks_fail(err, KS_E_CORRUPT, "delta has no head");
	if (size > limit)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)size);
	if (base_size != ks_room_span(&base->bytes).n)
		return ks_fail(err, KS_E_CORRUPT,
			"delta is for a base of another size");
	rc = place(reader, pack, link->offset, size, base, &kept, &bytes, err);
	if (rc < 0)
		return rc;
	rc = ks_delta_apply(&reader->delta, bytes, (size_t)size,
		ks_room_span(&base->bytes), ks_room_span(&reader->code), err);
	if (rc < 0)
		return rc;
	kept->pack = pack;
	kept->offset = link->offset;
	kept->type = base->type;
	*built = kept;
	return KS_OK;
}

/* Where the base of the delta ${head} lies; UINT64_MAX: not in the pack. */
static uint64_t base_of(
	const struct ks_pack *pack, const struct ks_entry_head *head)
{
	return head->type == KS_PACK_REF_DELTA
		       ? ks_pack_offset_of(pack, head->base_id)
		       : head->base;
}

/* The entries from ${offset} up, to one in hand or a full object. */
static int climb(struct ks_reader *reader, const struct ks_pack *pack,
	uint64_t offset, size_t *n, struct ks_err *err)
{
	*n = 0;
	for (;;) {
		struct link *link;
		int rc;

		if (*n == CHAIN_MAX)
			return ks_fail(err, KS_E_CORRUPT,
				"its delta hangs on too many others");
		if (ks_array_reserve(&reader->chain, &reader->chain_cap, *n + 1,
			    sizeof(*reader->chain)) < 0)
			return ks_fail_nomem(err);
		link = &reader->chain[(*n)++];
		link->offset = offset;
		rc = ks_pack_head_at(&link->head, pack, offset, err);
		if (rc < 0)
			return rc;
		if (link->head.type < KS_PACK_OFS_DELTA ||
			find_kept(reader, pack, offset))
			return KS_OK;
		offset = base_of(pack, &link->head);
		if (offset == UINT64_MAX)
			return ks_fail(err, KS_E_NOTFOUND,
				"the base of its delta is not in the pack");
	}
}

static uint64_t place_of(const struct ks_store *store,
	const struct ks_pack *pack, uint64_t offset)
{
	uint64_t number = (uint64_t)(pack - store->packs);

	return number << PLACE_PACK_SHIFT | offset;
}

static int read_packed(struct ks_reader *reader, const struct ks_pack *pack,
	uint64_t offset, uint64_t limit, struct kept **out, struct ks_err *err)
{
	const struct link *top;
	size_t n;
	int rc = climb(reader, pack, offset, &n, err);

	if (rc < 0)
		return rc;
	top = &reader->chain[--n];
	*out = find_kept(reader, pack, top->offset);
	if (!*out)
		rc = build_full(reader, pack, top, limit, out, err);
	while (rc == KS_OK && n > 0) {
		const struct kept *base = *out;

		rc = build_delta(
			reader, pack, &reader->chain[--n], limit, out, err);
		/* Of a chain the last one is what made the object. */
		reader->how.delta = &reader->delta;
		reader->how.base_bytes = ks_room_span(&base->bytes);
		reader->how.base_place = place_of(
			reader->store, pack, reader->chain[n + 1].offset);
	}
	return rc;
}

/* From the first pack that has it and can give it. */
static int read_from_packs(struct ks_reader *reader, const struct ks_oid *oid,
	uint64_t limit, struct kept **out, struct ks_err *err)
{
	const struct ks_store *store = reader->store;
	int rc = ks_fail(err, KS_E_NOTFOUND, "it is not there");

	for (size_t i = 0; i < store->pack_count; i++) {
		const struct ks_pack *pack = &store->packs[i];
		uint64_t offset = ks_pack_offset_of(pack, oid->id);

		if (offset == UINT64_MAX)
			continue;
		reader->how = (struct ks_reader_how){ .place = place_of(store,
							      pack, offset) };
		rc = read_packed(reader, pack, offset, limit, out, err);
		if (rc == KS_OK || rc == KS_E_NOMEM)
			return rc;
	}
	return rc;
}

static int load_loose(struct ks_reader *reader, struct ks_loose_file *file,
	uint64_t limit, struct ks_span *bytes, struct ks_err *err)
{
	if (file->size > limit)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)file->size);
	return ks_loose_load(&reader->loose, bytes, &reader->inflate, file,
		reader->large, err);
}

/* A folder after the other, as one may have what another has damaged. */
static int read_loose(struct ks_reader *reader, const struct ks_oid *oid,
	uint64_t limit, enum ks_object_type *type, struct ks_span *bytes,
	struct ks_err *err)
{
	const struct ks_store *store = reader->store;
	int rc = KS_E_NOTFOUND;

	for (size_t i = 0; i < store->dir_count; i++) {
		struct ks_loose_file file;
		struct ks_err why = { 0 };
		int tried = ks_loose_open(
			&file, store->dirs[i], oid, store->hash_bytes, &why);

		if (tried == KS_OK)
			tried = load_loose(reader, &file, limit, bytes, &why);
		if (file.type != KS_OBJECT_NONE)
			*type = file.type;
		ks_loose_close(&file);
		if (tried == KS_OK || tried == KS_E_NOMEM)
			return tried;
		if (tried != KS_E_NOTFOUND) {
			rc = tried;
			*err = why;
		}
	}
	return rc;
}

int ks_reader_read(struct ks_reader *reader, const struct ks_oid *oid,
	uint64_t limit, enum ks_object_type *type, struct ks_span *bytes,
	struct ks_err *err)
{
	struct ks_err why = { 0 };
	struct kept *kept = NULL;
	int rc = read_from_packs(reader, oid, limit, &kept, &why);
	int packed = rc;

	if (rc == KS_OK) {
		*type = kept->type;
		*bytes = ks_room_span(&kept->bytes);
		return KS_OK;
	}
	reader->how = (struct ks_reader_how){ .place = KS_PLACE_NONE };
	if (rc != KS_E_NOMEM)
		rc = read_loose(reader, oid, limit, type, bytes, &why);
	if (rc == KS_E_NOTFOUND)
		rc = packed;
	if (rc < 0 && err)
		*err = why;
	return rc;
}

struct ks_reader_how ks_reader_how(const struct ks_reader *reader)
{
	return reader->how;
}

uint64_t ks_reader_place(const struct ks_store *store, const struct ks_oid *oid)
{
	for (size_t i = 0; i < store->pack_count; i++) {
		uint64_t offset = ks_pack_offset_of(&store->packs[i], oid->id);

		if (offset != UINT64_MAX)
			return place_of(store, &store->packs[i], offset);
	}
	return KS_PLACE_NONE;
}

uint64_t ks_reader_base_of(const struct ks_store *store, uint64_t place)
{
	const struct ks_pack *pack = &store->packs[place >> PLACE_PACK_SHIFT];
	uint64_t offset = place & ((UINT64_C(1) << PLACE_PACK_SHIFT) - 1);
	struct ks_entry_head head;

	if (ks_pack_head_at(&head, pack, offset, NULL) < 0 ||
		head.type < KS_PACK_OFS_DELTA)
		return KS_PLACE_NONE;
	offset = base_of(pack, &head);
	return offset == UINT64_MAX ? KS_PLACE_NONE
				    : place_of(store, pack, offset);
}

void ks_reader_free(struct ks_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		ks_room_release(&reader->kept[i].bytes);
	for (size_t i = 0; i < 2; i++)
		ks_room_release(&reader->scratch[i].bytes);
	ks_room_release(&reader->code);
	ks_room_release(&reader->loose);
	ks_delta_release(&reader->delta);
	ks_inflate_release(&reader->inflate);
	free(reader->chain);
	free(reader);
}
