/* SPDX-License-Identifier: Apache-2.0 */
/* What was not scanned, and why; from all workers. */
#ifndef KS_SCAN_SKIPS_H
#define KS_SCAN_SKIPS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/oid.h"

#include <keysieve/finding.h>
#include <pthread.h>

/* One thing left out; strings are of the arena of its list. */
struct ks_left_out {
	enum ks_skip_reason reason;
	const char *what; /* NULL: the object oid, to be named later */
	const char *detail;
	struct ks_oid oid;
	const char *inside; /* as in struct ks_where; or NULL */
};

/* What was left out. */
struct ks_skip_place {
	const char *what;         /* copied; NULL: the object oid */
	const char *inside;       /* copied; or NULL */
	const struct ks_oid *oid; /* may be NULL */
};

/* Thread-safe once ks_skips_init() returned. */
struct ks_skips {
	pthread_mutex_t lock;
	struct ks_arena arena;
	struct ks_left_out *list;
	size_t count;
	size_t cap;
	uint64_t totals[KS_SKIP_REASON_COUNT];
};

enum {
	KS_SKIPS_NAMED_MAX = 1000 /* a reason; more are only counted */
};

void ks_skips_init(struct ks_skips *skips);

/*
 * Note that ${what} (copied; NULL: the object ${oid}) was left out for
 * ${reason}, with ${detail} (copied, may be ""). ${oid} may be NULL.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_skips_add(struct ks_skips *skips,
	enum ks_skip_reason reason, const char *what, const struct ks_oid *oid,
	const char *detail, struct ks_err *err);

/* The same of ${place}. */
KS_MUST_CHECK int ks_skips_add_at(struct ks_skips *skips,
	enum ks_skip_reason reason, const struct ks_skip_place *place,
	const char *detail, struct ks_err *err);

void ks_skips_release(struct ks_skips *skips);

#endif
