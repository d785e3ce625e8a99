/* SPDX-License-Identifier: Apache-2.0 */
/* Packs made to measure for tests, also such as git would never write. */
#include "lib/packs.h"

#include "base/array.h"

#include <ftw.h>
#include <git2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

static void start(void)
{
	git_libgit2_init();
}

struct ks_oid test_oid_of(int type, struct ks_span content)
{
	/* Starting libgit2 takes milliseconds; workers call this too. */
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	git_oid id;

	pthread_once(&once, start);
	must(git_odb_hash(&id, content.p ? (const void *)content.p : "",
		     content.n, (git_object_t)type) == 0);
	return ks_oid_of(id.id, KS_OID_SHA1);
}

static void put(struct ks_buf *buf, const void *p, size_t n)
{
	must(ks_buf_add(buf, p, n) == 0);
}

static void put_byte(struct ks_buf *buf, unsigned byte)
{
	uint8_t one = (uint8_t)byte;

	put(buf, &one, 1);
}

static void put_be32(struct ks_buf *buf, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		put_byte(buf, value >> shift & 0xff);
}

static void put_head(struct ks_buf *buf, unsigned type, uint64_t size)
{
	unsigned byte = type << 4 | (size & 15);

	for (size >>= 4; size; size >>= 7) {
		put_byte(buf, byte | 0x80);
		byte = size & 0x7f;
	}
	put_byte(buf, byte);
}

static void put_distance(struct ks_buf *buf, uint64_t distance)
{
	uint8_t bytes[10];
	size_t at = sizeof(bytes);

	bytes[--at] = distance & 0x7f;
	while (distance >>= 7)
		bytes[--at] = 0x80 | (uint8_t)(--distance & 0x7f);
	put(buf, bytes + at, sizeof(bytes) - at);
}

static void put_deflated(struct ks_buf *buf, struct ks_span data)
{
	uLongf n = compressBound((uLong)data.n);
	uint8_t *packed = malloc(n);

	must(packed != NULL);
	must(compress(packed, &n, data.p ? data.p : (const Bytef *)"",
		     (uLong)data.n) == Z_OK);
	put(buf, packed, n);
	free(packed);
}

size_t test_pack_entry(struct test_pack *pack, unsigned type, uint64_t size,
	uint64_t base_distance, const struct ks_oid *base_id,
	struct ks_span data, const struct ks_oid *oid)
{
	struct test_entry *entry;

	if (pack->bytes.n == 0)
		put(&pack->bytes, "PACK\0\0\0\2\0\0\0\0", 12);
	must(ks_array_reserve(&pack->entries, &pack->cap, pack->count + 1,
		     sizeof(*pack->entries)) == 0);
	entry = &pack->entries[pack->count];
	entry->oid = *oid;
	entry->offset = pack->bytes.n;
	put_head(&pack->bytes, type, size);
	if (type == 6)
		put_distance(&pack->bytes, base_distance);
	if (type == 7)
		put(&pack->bytes, base_id->id, KS_OID_SHA1);
	put_deflated(&pack->bytes, data);
	entry->crc = (uint32_t)crc32(0, pack->bytes.p + entry->offset,
		(uInt)(pack->bytes.n - entry->offset));
	return pack->count++;
}

size_t test_pack_full(struct test_pack *pack, int type, struct ks_span content)
{
	struct ks_oid oid = test_oid_of(type, content);

	return test_pack_entry(
		pack, (unsigned)type, content.n, 0, NULL, content, &oid);
}

size_t test_pack_ofs_delta(struct test_pack *pack, size_t base,
	struct ks_span code, const struct ks_oid *oid)
{
	return test_pack_entry(pack, 6, code.n,
		pack->bytes.n - pack->entries[base].offset, NULL, code, oid);
}

size_t test_pack_ref_delta(struct test_pack *pack, const struct ks_oid *base,
	struct ks_span code, const struct ks_oid *oid)
{
	return test_pack_entry(pack, 7, code.n, 0, base, code, oid);
}

static void put_size(struct ks_buf *buf, size_t size)
{
	for (; size > 0x7f; size >>= 7)
		put_byte(buf, (size & 0x7f) | 0x80);
	put_byte(buf, (unsigned)size);
}

void test_delta_begin(struct ks_buf *code, size_t base_n, size_t result_n)
{
	ks_buf_reset(code);
	put_size(code, base_n);
	put_size(code, result_n);
}

void test_delta_copy(struct ks_buf *code, size_t from, size_t n)
{
	uint8_t bytes[7];
	size_t count = 0;
	unsigned op = 0x80;

	for (unsigned bit = 0; bit < 4; bit++) {
		if (from >> 8 * bit & 0xff) {
			bytes[count++] = (uint8_t)(from >> 8 * bit);
			op |= 1u << bit;
		}
	}
	for (unsigned bit = 0; bit < 3 && n != 0x10000; bit++) {
		if (n >> 8 * bit & 0xff) {
			bytes[count++] = (uint8_t)(n >> 8 * bit);
			op |= 16u << bit;
		}
	}
	put_byte(code, op);
	put(code, bytes, count);
}

void test_delta_insert(struct ks_buf *code, struct ks_span bytes)
{
	put_byte(code, (unsigned)bytes.n);
	put(code, bytes.p, bytes.n);
}

static int by_oid(const void *a, const void *b)
{
	const struct test_entry *left = a;
	const struct test_entry *right = b;

	return memcmp(left->oid.id, right->oid.id, KS_OID_SHA1);
}

static void put_fanout(struct ks_buf *idx, const struct test_pack *pack)
{
	size_t upto = 0;

	for (unsigned byte = 0; byte < 256; byte++) {
		while (upto < pack->count &&
			pack->entries[upto].oid.id[0] <= byte)
			upto++;
		put_be32(idx, (uint32_t)upto);
	}
}

static void make_idx(
	struct ks_buf *idx, const struct test_pack *pack, int version)
{
	static const uint8_t trailers[2 * KS_OID_SHA1];

	if (version == 1) {
		put_fanout(idx, pack);
		for (size_t i = 0; i < pack->count; i++) {
			put_be32(idx, (uint32_t)pack->entries[i].offset);
			put(idx, pack->entries[i].oid.id, KS_OID_SHA1);
		}
		put(idx, trailers, sizeof(trailers));
		return;
	}
	put(idx, "\377tOc\0\0\0\2", 8);
	put_fanout(idx, pack);
	for (size_t i = 0; i < pack->count; i++)
		put(idx, pack->entries[i].oid.id, KS_OID_SHA1);
	for (size_t i = 0; i < pack->count; i++)
		put_be32(idx, pack->entries[i].crc);
	for (size_t i = 0; i < pack->count; i++)
		put_be32(idx, (uint32_t)pack->entries[i].offset);
	put(idx, trailers, sizeof(trailers));
}

void test_file_write(const char *dir, const char *name, struct ks_span bytes)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "wb");
	must(file != NULL);
	must(fwrite(bytes.p, 1, bytes.n, file) == bytes.n);
	must(fclose(file) == 0);
}

void test_pack_write(struct test_pack *pack, const char *objects,
	const char *name, int idx_version)
{
	static const uint8_t trailer[KS_OID_SHA1];
	struct ks_buf idx = { 0 };
	char path[256];

	for (unsigned i = 0; i < 4; i++)
		pack->bytes.p[8 + i] =
			(uint8_t)(pack->count >> (24 - 8 * i) & 0xff);
	put(&pack->bytes, trailer, sizeof(trailer));
	qsort(pack->entries, pack->count, sizeof(*pack->entries), by_oid);
	make_idx(&idx, pack, idx_version);
	snprintf(path, sizeof(path), "pack/pack-%s.pack", name);
	test_file_write(objects, path, ks_buf_span(&pack->bytes));
	snprintf(path, sizeof(path), "pack/pack-%s.idx", name);
	test_file_write(objects, path, ks_buf_span(&idx));
	ks_buf_release(&idx);
}

void test_pack_release(struct test_pack *pack)
{
	ks_buf_release(&pack->bytes);
	free(pack->entries);
	*pack = (struct test_pack){ 0 };
}

char *test_dir_new(void)
{
	char *dir = strdup("/tmp/keysieve-test-XXXXXX");

	must(dir && mkdtemp(dir));
	return dir;
}

void test_shell(const char *dir, const char *script)
{
	struct ks_buf command = { 0 };

	must(ks_buf_printf(&command, "cd '%s' && { %s\n} >/dev/null 2>&1", dir,
		     script) == KS_OK);
	must(ks_buf_str(&command) && system(ks_buf_str(&command)) == 0);
	ks_buf_release(&command);
}

static int remove_one(
	const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void test_dir_remove(char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}
