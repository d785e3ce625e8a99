/* SPDX-License-Identifier: Apache-2.0 */
/* What workers found, before it is known whose it is. */
#ifndef KS_SCAN_HITS_H
#define KS_SCAN_HITS_H

#include "base/arena.h"
#include "blobs/object.h"
#include "rules/rule.h"

/* What kind of thing a secret was found in; first those that have an id. */
enum ks_place_kind {
	KS_PLACE_OBJECT, /* the bytes of a blob, commit or tag */
	KS_PLACE_NAME,   /* a name in a tree: the tree's id and the name */
	KS_PLACE_STAGED, /* the bytes of a blob that the index has at a path */
	KS_PLACE_REF,    /* a ref's name */
	KS_PLACE_TEXT,   /* a text in memory, by what it is called */
	KS_PLACE_FILE    /* a file outside of git, by path */
};

/* Something with hits. */
struct ks_where {
	struct ks_oid oid;        /* OBJECT, NAME, STAGED */
	enum ks_object_type type; /* OBJECT */
	enum ks_place_kind kind;
	const char *name; /* as it is; NULL: OBJECT */
	/*
	 * Where it is in that, an archive: "!/a.zip!/b"; "!": it is the one
	 * file that is compressed there, which has no name; "": the archive
	 * itself. NULL: it is in none.
	 */
	const char *inside;
};

/* A rule and a secret. */
struct ks_secret {
	uint32_t rule;
	float confidence; /* the highest of its hits */
	float entropy;
	uint32_t pair; /* the other half: a secret, or KS_HITS_NONE */
	struct ks_span bytes;
	uint64_t hash;
};

/* Bytes of an object that is too large to be read again. */
struct ks_shown {
	struct ks_span bytes;
	uint64_t from; /* of the first in the object */
};

/* One place of a secret. Lines and columns as in finding.h. */
struct ks_hit {
	uint32_t secret;
	uint32_t where;
	uint32_t line;
	uint32_t column;
	uint32_t end_line;
	uint32_t end_column;
	uint64_t offset; /* of the secret, in bytes of the object as it is */
	/* The line that it stands on, or what is near it; if asked for. */
	struct ks_span around;
	const struct ks_shown *shown; /* what is around it, or NULL */
	uint32_t encodings;           /* how it is encoded: views.h */
	bool is_marked; /* a marker beside it says that it may stand */
	uint8_t hidden; /* places not to be told: enum ks_hidden_place */
};

/* What stands in HEAD under another path than it came with is two places. */
enum ks_hidden_place {
	KS_HIDDEN_FIRST = 1 << 0, /* where it came with its commit */
	KS_HIDDEN_HEAD = 1 << 1,  /* where it stands in HEAD */
	KS_HIDDEN_ALL = KS_HIDDEN_FIRST | KS_HIDDEN_HEAD
};

#define KS_HITS_NONE UINT32_MAX

/*
 * One of them a worker; merged at the end. Zero-initialise ({0});
 * ks_hits_release() frees.
 */
struct ks_hits {
	struct ks_arena arena; /* secrets' bytes and names */
	struct ks_where *where;
	size_t where_count;
	size_t where_cap;
	struct ks_secret *secrets;
	size_t secret_count;
	size_t secret_cap;
	struct ks_hit *list;
	size_t count;
	size_t cap;
	uint32_t *table; /* secrets by hash */
	size_t table_mask;
};

/* Add a place; its index goes to ${out}. ${name} is copied. KS_E_NOMEM. */
KS_MUST_CHECK int ks_hits_add_where(
	struct ks_hits *hits, const struct ks_where *where, uint32_t *out);

/*
 * Find or add the secret ${bytes} (copied) of ${rule}; its index goes to
 * ${out}. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_hits_add_secret(struct ks_hits *hits, uint32_t rule,
	struct ks_span bytes, uint32_t *out);

/* The secret ${bytes} of ${rule}, or KS_HITS_NONE. */
uint32_t ks_hits_find_secret(
	const struct ks_hits *hits, uint32_t rule, struct ks_span bytes);

/*
 * Note ${other} as the other half of ${secret}; of several the least stays,
 * whatever the order in which they come.
 */
void ks_hits_pair(struct ks_hits *hits, uint32_t secret, uint32_t other);

/* A copy of ${shown} and its bytes, or NULL when memory ran out. */
const struct ks_shown *ks_hits_keep_shown(
	struct ks_hits *hits, const struct ks_shown *shown);

/* Add a hit. KS_E_NOMEM. */
KS_MUST_CHECK int ks_hits_add(struct ks_hits *hits, const struct ks_hit *hit);

/* Add all of ${from} to ${into}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_hits_merge(
	struct ks_hits *into, const struct ks_hits *from);

void ks_hits_release(struct ks_hits *hits);

#endif
