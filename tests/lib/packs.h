/* SPDX-License-Identifier: Apache-2.0 */
/* Packs made to measure for tests, also such as git would never write. */
#ifndef TESTS_LIB_PACKS_H
#define TESTS_LIB_PACKS_H

#include "base/buf.h"
#include "base/oid.h"

struct test_entry {
	struct ks_oid oid;
	uint64_t offset;
	uint32_t crc;
};

/* Zero-initialise ({0}); test_pack_release() frees. Aborts without memory. */
struct test_pack {
	struct ks_buf bytes;
	struct test_entry *entries;
	size_t count;
	size_t cap;
};

/* The id that git gives to such an object (type as in ks_object_type). */
struct ks_oid test_oid_of(int type, struct ks_span content);

/* Append the object ${content} in full; returns its number. */
size_t test_pack_full(struct test_pack *pack, int type, struct ks_span content);

/*
 * Append an entry with the head fields given and ${data} deflated behind
 * it: ${type} as in the format, ${size} as it is to be said, ${base_distance}
 * for type 6, ${base_id} for type 7. Its object is called ${oid}.
 */
size_t test_pack_entry(struct test_pack *pack, unsigned type, uint64_t size,
	uint64_t base_distance, const struct ks_oid *base_id,
	struct ks_span data, const struct ks_oid *oid);

/* Append an OFS_DELTA against entry ${base}: the delta ${code}. */
size_t test_pack_ofs_delta(struct test_pack *pack, size_t base,
	struct ks_span code, const struct ks_oid *oid);

/* Append a REF_DELTA against ${base}. */
size_t test_pack_ref_delta(struct test_pack *pack, const struct ks_oid *base,
	struct ks_span code, const struct ks_oid *oid);

/* Begin the code of a delta, copy, insert (1 to 127 bytes). */
void test_delta_begin(struct ks_buf *code, size_t base_n, size_t result_n);
void test_delta_copy(struct ks_buf *code, size_t from, size_t n);
void test_delta_insert(struct ks_buf *code, struct ks_span bytes);

/*
 * Write ${objects}/pack/pack-${name}.pack and .idx (version 1 or 2); the
 * folders are made.
 */
void test_pack_write(struct test_pack *pack, const char *objects,
	const char *name, int idx_version);

void test_pack_release(struct test_pack *pack);

/* A new temporary folder; its path, to be freed by test_dir_remove(). */
char *test_dir_new(void);
void test_dir_remove(char *dir);

/* Run the shell's ${script} in ${dir}, in silence; it has to succeed. */
void test_shell(const char *dir, const char *script);

/* Write ${bytes} to ${dir}/${name}, making folders on the way. */
void test_file_write(const char *dir, const char *name, struct ks_span bytes);

#endif
