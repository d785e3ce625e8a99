/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept between scans: organisations, their repositories, tips. */
#ifndef KS_STORE_STATE_H
#define KS_STORE_STATE_H

#include "store/db.h"

#include <stddef.h>

/* What fingerprints are hashed with: key.h. */
struct ks_store_key {
	uint8_t bytes[32];
};

/* An open store. Not thread-safe; others may have it open too. */
struct ks_state {
	struct ks_db db;
	struct ks_store_key key;
	bool has_key; /* or fingerprints are kept as they are */
};

/*
 * Open the store ${path}, making it if there is none and ${may_make}. Errors
 * as ks_db_open() and ks_schema_prepare(), and as ks_db_run() of all
 * that follows.
 */
KS_MUST_CHECK int ks_state_open(struct ks_state **out, const char *path,
	bool may_make, struct ks_err *err);

/* NULL is fine. */
void ks_state_close(struct ks_state *state);

/* All until the end happens or does not; ${rc} < 0 makes it undone. */
KS_MUST_CHECK int ks_state_begin(struct ks_state *state, struct ks_err *err);
KS_MUST_CHECK int ks_state_end(
	struct ks_state *state, int rc, struct ks_err *err);

/* The organisation called ${name}. KS_E_NOTFOUND, unless ${may_make}. */
KS_MUST_CHECK int ks_state_organisation(struct ks_state *state,
	const char *name, bool may_make, int64_t *id, struct ks_err *err);

/*
 * Another source, with ${options} that mean nothing here; one that is there
 * stays, and has these options now.
 */
KS_MUST_CHECK int ks_state_add_source(struct ks_state *state,
	int64_t organisation, const char *text, const char *options,
	struct ks_err *err);

/* KS_E_NOTFOUND: there is no such source. */
KS_MUST_CHECK int ks_state_remove_source(struct ks_state *state,
	int64_t organisation, const char *text, struct ks_err *err);

/* Tell ${each} of all sources until it fails; the texts are borrowed. */
KS_MUST_CHECK int ks_state_sources(struct ks_state *state, int64_t organisation,
	int (*each)(void *payload, const char *text, const char *options,
		struct ks_err *err),
	void *payload, struct ks_err *err);

/* A scan begins: its number goes to ${scan}. */
KS_MUST_CHECK int ks_state_begin_scan(struct ks_state *state,
	int64_t organisation, int64_t now, int64_t *scan, struct ks_err *err);
KS_MUST_CHECK int ks_state_end_scan(
	struct ks_state *state, int64_t scan, int64_t now, struct ks_err *err);

enum {
	KS_STATE_DIGEST = 65 /* hex digits of SHA-256, and a NUL */
};

/* What is known of a repository. */
struct ks_state_repository {
	int64_t id;
	int64_t revision; /* how often a scan of it was written down */
	int64_t scanned;  /* when last; 0: never */
	char refs[KS_STATE_DIGEST];
	char rules[KS_STATE_DIGEST];
	bool has_error;
};

/*
 * The repository ${name} of the organisation, that lies at ${place} now; one
 * that is not known is entered.
 */
KS_MUST_CHECK int ks_state_repository(struct ks_state *state,
	int64_t organisation, const char *name, const char *place,
	struct ks_state_repository *out, struct ks_err *err);

/* It could not be scanned, because of ${error}; "": it could. */
KS_MUST_CHECK int ks_state_set_error(struct ks_state *state, int64_t repository,
	const char *error, struct ks_err *err);

/* The same of the repository that lies at ${place}. */
KS_MUST_CHECK int ks_state_set_error_at(struct ks_state *state,
	int64_t organisation, const char *place, const char *error,
	struct ks_err *err);

/*
 * In a transaction, first: may ${known} be followed by what was found? Not
 * if another scan has been written down meanwhile.
 */
KS_MUST_CHECK int ks_state_is_current(struct ks_state *state,
	const struct ks_state_repository *known, bool *is_current,
	struct ks_err *err);

/*
 * And last: what was scanned, the ${count} tips ${tips}, hex ids, and what
 * could not be; "" if all was.
 */
KS_MUST_CHECK int ks_state_set_scanned(struct ks_state *state,
	const struct ks_state_repository *now, const char *const *tips,
	size_t count, const char *lacking, struct ks_err *err);

/* Tell ${each} of the tips of the last scan. */
KS_MUST_CHECK int ks_state_tips(struct ks_state *state, int64_t repository,
	int (*each)(void *payload, const char *oid, struct ks_err *err),
	void *payload, struct ks_err *err);

/* How a repository stands, for people; strings are borrowed. */
struct ks_state_standing {
	const char *name;
	const char *place;
	const char *error;   /* why it could not be scanned; "" */
	const char *lacking; /* what of it could not be; "" */
	int64_t scanned;
	uint64_t live; /* findings that a ref leads to */
};

KS_MUST_CHECK int ks_state_standings(struct ks_state *state,
	int64_t organisation,
	int (*each)(void *payload, const struct ks_state_standing *standing,
		struct ks_err *err),
	void *payload, struct ks_err *err);

#endif
