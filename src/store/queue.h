/* SPDX-License-Identifier: Apache-2.0 */
/* Repositories that scans want looked at, for whoever has time. */
#ifndef KS_STORE_QUEUE_H
#define KS_STORE_QUEUE_H

#include "base/arena.h"
#include "store/lease.h"

/* Errors of all below are those of ks_db_run(). */

/* A repository to be looked at. */
struct ks_queue_item {
	const char *name;
	const char *place;
	const char *mirror; /* what its mirror is known by; "": no mirror */
	const char *source; /* of the forge it is listed by; "": none */
	const char *host;   /* the one machine that can read it; "": any */
	int64_t size;       /* bytes, about */
	int64_t main;       /* who it is scanned with; 0: it is for itself */
	bool is_network;    /* of forks: its mirrors share their objects */
	bool is_optional;
};

/*
 * ${scan} wants ${item} looked at under ${rules}. Its number, 0 before, goes to
 * ${id}. One that is now scanned with another, and was not before, has no
 * places of its own any more.
 */
KS_MUST_CHECK int ks_queue_enter(struct ks_state *state, int64_t organisation,
	int64_t scan, const char *rules, const struct ks_queue_item *item,
	int64_t *id, struct ks_err *err);

/* Who asks for work. */
struct ks_queue_worker {
	const char *holder;   /* of leases */
	const char *host;     /* "": what is one machine's is not for it */
	const char *rules;    /* what is wanted under others is not */
	int64_t organisation; /* 0: all */
	int64_t now;          /* seconds since 1970 */
};

/* Work: a repository, with a lease on it. */
struct ks_queue_job {
	int64_t organisation;
	int64_t scan; /* which wants it */
	int64_t size;
	struct ks_queue_item item;
	struct ks_state_repository known;
	const char *listing; /* ks_queue_listed(); "": not known */
};

/*
 * Take the largest that nobody has, unless it killed who had it time and
 * again. Strings come from ${arena}. KS_E_NOTFOUND without a message: there is
 * none. KS_E_UNSUPPORTED: the store is a newer version's by now. Several may
 * ask at once and nobody waits for another.
 */
KS_MUST_CHECK int ks_queue_take(struct ks_state *state,
	const struct ks_queue_worker *worker, struct ks_arena *arena,
	struct ks_queue_job *out, struct ks_err *err);

/* Tell ${each} of those that ${job} is to be scanned with. */
KS_MUST_CHECK int ks_queue_members(struct ks_state *state,
	const struct ks_queue_job *job,
	int (*each)(void *payload, int64_t id, const struct ks_queue_item *item,
		struct ks_err *err),
	void *payload, struct ks_err *err);

enum ks_queue_outcome {
	KS_QUEUE_NONE, /* not yet */
	KS_QUEUE_UNCHANGED,
	KS_QUEUE_FOLLOWED,
	KS_QUEUE_AUDITED,
	KS_QUEUE_FAILED
};

/* It is done; who wants it since it was taken still does. */
KS_MUST_CHECK int ks_queue_done(struct ks_state *state,
	const struct ks_queue_job *job, const char *holder,
	enum ks_queue_outcome outcome, struct ks_err *err);

/*
 * What was just written down of ${job} is what a remote had that lists
 * ${listing}, unless something lacked or another took it from ${holder}.
 */
KS_MUST_CHECK int ks_queue_listed(struct ks_state *state,
	const struct ks_queue_job *job, const char *holder, const char *listing,
	struct ks_err *err);

/* There is no such repository, and never was. */
KS_MUST_CHECK int ks_queue_forget(struct ks_state *state,
	const struct ks_queue_job *job, struct ks_err *err);

/* What ${scan} still wants. */
struct ks_queue_left {
	int64_t count;
	int64_t poisoned; /* of these, what nobody is given now */
};

KS_MUST_CHECK int ks_queue_count(struct ks_state *state, int64_t scan,
	int64_t now, struct ks_queue_left *out, struct ks_err *err);

/* What killed who had it is wanted no more, and failed because of ${why}. */
KS_MUST_CHECK int ks_queue_drop_poisoned(struct ks_state *state, int64_t scan,
	int64_t now, const char *why, struct ks_err *err);

/* Tell ${each} what came of those that ${scan} wanted. Borrowed. */
KS_MUST_CHECK int ks_queue_outcomes(struct ks_state *state, int64_t scan,
	int (*each)(void *payload, enum ks_queue_outcome outcome,
		const char *place, const char *error, const char *lacking,
		struct ks_err *err),
	void *payload, struct ks_err *err);

#endif
