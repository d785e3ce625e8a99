/* SPDX-License-Identifier: Apache-2.0 */
/* An open organisation. */
#ifndef KS_ORG_ORG_H
#define KS_ORG_ORG_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/findings.h"
#include "store/lease.h"
#include "store/seal.h"

#include <keysieve/org.h>

struct ks_org {
	struct ks_state *state;
	int64_t id;
	int64_t scan;                 /* the one under way or done; 0: none */
	char holder[KS_LEASE_HOLDER]; /* of leases: this process */
	char seal_to[KS_SEAL_KEY];    /* encrypts secrets; "": none is kept */
	char open_with[KS_SEAL_KEY];  /* decrypts them; "": none is told */
	struct ks_arena arena;
	struct ks_org_trouble *troubles;
	size_t trouble_count;
	size_t trouble_cap;
	char today[11]; /* YYYY-MM-DD */
};

/* Note what could not be scanned, and why; both are copied. KS_E_NOMEM. */
KS_MUST_CHECK int ks_org_note(struct ks_org *org, const char *where,
	const char *why, struct ks_err *err);

/*
 * Open the state of ${store}, with its key: what is made if there is none.
 * Errors as ks_org_open().
 */
KS_MUST_CHECK int ks_org_open_state(struct ks_state **out,
	const struct ks_org_store *store, bool may_make, struct ks_err *err);

/*
 * The finding whose fingerprint begins with ${prefix}, 8 digits or more, to
 * ${fingerprint}. KS_E_USAGE: no such form; as ks_findings_find().
 */
KS_MUST_CHECK int ks_org_find(struct ks_org *org, const char *prefix,
	char fingerprint[KS_STATE_DIGEST], struct ks_err *err);

/* What is asked of the store for ${filter}; it is borrowed. KS_E_USAGE. */
KS_MUST_CHECK int ks_org_query(const struct ks_org *org,
	const struct ks_org_filter *filter, struct ks_findings_query *query,
	struct ks_err *err);

/* Has it a state that ${filter} names? */
bool ks_org_is_wanted(
	const struct ks_org_filter *filter, const struct ks_findings_row *row);

/* When the day ${text}, YYYY-MM-DD, begins, UTC. KS_E_USAGE: it is no date. */
KS_MUST_CHECK int ks_org_day(
	int64_t *out, const char *text, struct ks_err *err);

/*
 * Append "keysieve/${name}" in the folder that the variable ${variable} names,
 * or ${otherwise} in the user's home: XDG Base Directory Specification.
 * KS_E_IO: there is no home. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_org_folder(struct ks_buf *out, const char *variable,
	const char *otherwise, const char *name, struct ks_err *err);

#endif
