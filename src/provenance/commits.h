/* SPDX-License-Identifier: Apache-2.0 */
/* The commit graph, gathered while the objects stream by. */
#ifndef KS_PROVENANCE_COMMITS_H
#define KS_PROVENANCE_COMMITS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/oidmap.h"

/* A commit; indexes are into ks_commits.list. */
struct ks_commit {
	struct ks_oid oid;
	struct ks_oid tree;
	int64_t time;          /* committer's, seconds since the epoch */
	uint32_t first_parent; /* index into ks_commits.parents */
	uint32_t parent_count;
};

/* Zero-initialise ({0}); ks_commits_release() frees. Not thread-safe. */
struct ks_commits {
	struct ks_commit *list;
	size_t count;
	size_t cap;
	struct ks_oid *parents;
	size_t parent_count;
	size_t parent_cap;
	/* Of an object id: KS_OID_SHA1 or KS_OID_SHA256; 0 is KS_OID_SHA1. */
	size_t hash_bytes;
};

/* The bytes of an object id in the repository of ${commits}. */
static inline size_t ks_commits_hash_bytes(const struct ks_commits *commits)
{
	return commits->hash_bytes ? commits->hash_bytes : KS_OID_SHA1;
}

/*
 * Parse the commit object ${raw} (gitformat: header lines, blank line,
 * message) and append it; as in git, parents are the parent lines right
 * after the tree line. A committer line that is missing or wrong makes the
 * time 0. KS_E_CORRUPT where the tree or a parent line is wrong, KS_E_LIMIT
 * at 2^32 commits or parents, KS_E_NOMEM; nothing is appended then.
 */
KS_MUST_CHECK int ks_commits_add(struct ks_commits *commits,
	const struct ks_oid *oid, struct ks_span raw, struct ks_err *err);

/*
 * Bytes of the tree and parent lines, ids and nothing else, that the commit
 * added last begins with; of one that ends there, a line's end too many.
 */
size_t ks_commits_head(const struct ks_commits *commits);

/*
 * Append all of ${from} (which becomes empty) to ${into}; both are of one
 * repository. KS_E_LIMIT as above, KS_E_NOMEM; both are unchanged then.
 */
KS_MUST_CHECK int ks_commits_merge(
	struct ks_commits *into, struct ks_commits *from);

void ks_commits_release(struct ks_commits *commits);

/* Who wrote a commit or a tag; spans borrow from the object's bytes. */
struct ks_signature {
	struct ks_span name; /* spaces around it cut off; may be empty */
	struct ks_span email;
	/* Seconds since the epoch, nearest there is; 0: not told. */
	int64_t time;
	/* Minutes, within a day; 0 where it is wrong or not told. */
	int32_t utc_offset;
};

/*
 * The first header line ${field} ("author", "committer", "tagger") of a raw
 * commit or tag: "name <email> time zone". False if it is not there or has
 * no <email>; ${out} is zeroed then.
 */
bool ks_signature_parse(
	struct ks_signature *out, struct ks_span raw, const char *field);

/*
 * The message of a raw commit or tag: all after the first blank line; empty
 * if there is none. Signatures and merged tags in the header have no blank
 * lines, for theirs begin with a space.
 */
struct ks_span ks_message_of(struct ks_span raw);

#endif
