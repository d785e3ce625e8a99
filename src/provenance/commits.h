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
	size_t hash_bytes; /* of an object id: KS_OID_SHA1 or KS_OID_SHA256 */
};

/*
 * Parse the commit object ${raw} (gitformat: header lines, blank line,
 * message) and append it. KS_E_CORRUPT where a tree or parent line is
 * wrong, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_commits_add(struct ks_commits *commits,
	const struct ks_oid *oid, struct ks_span raw, struct ks_err *err);

/* Append all of ${from} (which becomes empty) to ${into}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_commits_merge(
	struct ks_commits *into, struct ks_commits *from);

void ks_commits_release(struct ks_commits *commits);

/* Who wrote a commit or a tag; spans borrow from the object's bytes. */
struct ks_signature {
	struct ks_span name;
	struct ks_span email;
	int64_t time;       /* seconds since the epoch */
	int32_t utc_offset; /* minutes */
};

/*
 * The header line ${field} ("author", "committer", "tagger") of a raw commit
 * or tag. False if it is not there or cannot be parsed; ${out} is zeroed then.
 */
bool ks_signature_parse(
	struct ks_signature *out, struct ks_span raw, const char *field);

/* The message of a raw commit or tag: all after the first blank line. */
struct ks_span ks_message_of(struct ks_span raw);

#endif
