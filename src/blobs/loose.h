/* SPDX-License-Identifier: Apache-2.0 */
/* Loose objects: gitformat-loose(5). */
#ifndef KS_BLOBS_LOOSE_H
#define KS_BLOBS_LOOSE_H

#include "base/map.h"
#include "blobs/inflate.h"
#include "blobs/inflow.h"
#include "blobs/object.h"
#include "blobs/room.h"

struct ks_loose {
	struct ks_oid oid;
	uint32_t dir; /* index of the objects folder it lies in */
};

/* Zero-initialise ({0}); ks_loose_release() frees. */
struct ks_loose_list {
	struct ks_loose *list;
	size_t count;
	size_t cap;
	size_t temporary; /* files and folders that git was writing */
	size_t foreign;   /* objects that are named by another hash */
};

/*
 * Append the loose objects of the objects folder ${path}, whose number is
 * ${dir}. A folder that cannot be listed is KS_E_IO, when all others have been
 * listed; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_find(struct ks_loose_list *out, const char *path,
	uint32_t dir, size_t hash_bytes, struct ks_err *err);

/* Has the objects folder ${path} a file for the loose object ${oid}? */
bool ks_loose_has(
	const char *path, const struct ks_oid *oid, size_t hash_bytes);

enum {
	KS_LOOSE_HEAD = 32 /* "commit ", twenty digits and a NUL */
};

/* A loose object that is open. ks_loose_close() frees. */
struct ks_loose_file {
	enum ks_object_type type;
	uint64_t size; /* bytes of content, as it says */
	struct ks_map map;
	struct ks_span bytes; /* deflated */
	struct ks_inflow flow;
	uint8_t head[KS_LOOSE_HEAD]; /* the first bytes inflated */
	size_t head_n;
	size_t head_at; /* those before have been read */
};

/*
 * Open the loose object ${oid} of the objects folder ${path} and read its
 * head. KS_E_NOTFOUND, KS_E_CORRUPT, KS_E_IO, KS_E_NOMEM; ${file} is to be
 * closed then too.
 */
KS_MUST_CHECK int ks_loose_open(struct ks_loose_file *file, const char *path,
	const struct ks_oid *oid, size_t hash_bytes, struct ks_err *err);

/* The same of the bytes ${bytes} (borrowed) of such a file. */
KS_MUST_CHECK int ks_loose_begin(
	struct ks_loose_file *file, struct ks_span bytes, struct ks_err *err);

/*
 * Read the next ${n} bytes of content to ${to}; fewer, as ${got} says, at the
 * end only. KS_E_CORRUPT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_next(struct ks_loose_file *file, uint8_t *to,
	size_t n, size_t *got, struct ks_err *err);

/*
 * Read all of ${file}, of which nothing was read, into ${out}, in memory if
 * it is not more than ${large} bytes; ${bytes} are there. KS_E_CORRUPT, also
 * where it has another size than it says; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_load(struct ks_room *out, struct ks_span *bytes,
	struct ks_inflate *inflate, struct ks_loose_file *file, uint64_t large,
	struct ks_err *err);

/*
 * Is ${file}, of which nothing was read, undamaged? Nothing is read of it.
 * KS_E_CORRUPT, KS_E_NOMEM. Takes the time of inflating it.
 */
KS_MUST_CHECK int ks_loose_check(
	struct ks_loose_file *file, struct ks_err *err);

/* ${file} as a stream, which borrows it. */
struct ks_stream ks_loose_stream(struct ks_loose_file *file);

void ks_loose_close(struct ks_loose_file *file);

void ks_loose_release(struct ks_loose_list *list);

#endif
