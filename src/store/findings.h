/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of an organisation over time, and who dismissed them. */
#ifndef KS_STORE_FINDINGS_H
#define KS_STORE_FINDINGS_H

#include "store/state.h"

/*
 * A rule and a secret, wherever in the organisation. There is room for the
 * secret only if it is encrypted. Errors of all below are those of
 * ks_db_run().
 */
struct ks_findings_entry {
	const char *fingerprint; /* 64 hex digits */
	const char *rule;        /* id */
	const char *rule_name;
	const char *rotate; /* URL; may be "" */
	const char *redacted;
	const char *sealed; /* the secret: seal.h; "" or NULL: not kept */
	double confidence;
};

struct ks_findings_place {
	int64_t id; /* of ks_findings_places() only */
	const char *fingerprint;
	const char *path;
	const char *blob; /* hex; may be "" */
	int64_t line;
	const char *commit;
	const char *author;
	const char *email;
	int64_t time;
	bool in_head;
	bool gone;             /* no ref or reflog leads to it */
	const char *head_blob; /* what HEAD had at that path; "" */
	/* Of forks that are scanned together, which has it; NULL, "": main. */
	const char *member;
};

/*
 * What the store calls the finding that a scan calls ${fingerprint}. Enter
 * with the latter; what comes out is the former, as in all other functions.
 */
void ks_findings_name(const struct ks_state *state, const char *fingerprint,
	char out[KS_STATE_DIGEST]);

/*
 * Enter a finding, or see again what is there. It is news if it was not there,
 * or if it was gone from all refs and ${is_live}. Its number goes to ${id}.
 */
KS_MUST_CHECK int ks_findings_put(struct ks_state *state, int64_t organisation,
	int64_t now, const struct ks_findings_entry *entry, bool is_live,
	int64_t *id, struct ks_err *err);

/* Enter a place of finding ${id}, seen in that revision of its repository. */
KS_MUST_CHECK int ks_findings_put_place(struct ks_state *state, int64_t id,
	int64_t repository, int64_t revision,
	const struct ks_findings_place *place, struct ks_err *err);

/* All places not seen in ${revision} are gone. */
KS_MUST_CHECK int ks_findings_leave(struct ks_state *state, int64_t repository,
	int64_t revision, struct ks_err *err);

/* Tell ${each} of the places in blobs that are not gone, by path. */
KS_MUST_CHECK int ks_findings_places(struct ks_state *state, int64_t repository,
	int (*each)(void *payload, const struct ks_findings_place *place,
		struct ks_err *err),
	void *payload, struct ks_err *err);

/* What HEAD has at the place ${id}. */
KS_MUST_CHECK int ks_findings_set_head(struct ks_state *state, int64_t id,
	bool in_head, const char *head_blob, struct ks_err *err);

/*
 * Tell ${each} of the commit and the member of all places of forks that are
 * scanned together, that are not gone. Borrowed.
 */
KS_MUST_CHECK int ks_findings_members(struct ks_state *state,
	int64_t repository,
	int (*each)(void *payload, int64_t id, const char *commit,
		const char *member, struct ks_err *err),
	void *payload, struct ks_err *err);

/* Who has the place ${id}. */
KS_MUST_CHECK int ks_findings_set_member(struct ks_state *state, int64_t id,
	const char *member, struct ks_err *err);

/*
 * What was dismissed until a day before ${today}, YYYY-MM-DD, is news again if
 * it is not gone.
 */
KS_MUST_CHECK int ks_findings_expire(struct ks_state *state,
	int64_t organisation, const char *today, struct ks_err *err);

enum {
	KS_FINDINGS_PATIENCE = 60 /* seconds that telling takes at most */
};

/*
 * What nobody told of yet is for ${scan} to tell, also what another scan was
 * to tell that came to its end KS_FINDINGS_PATIENCE before ${now} and never
 * did.
 */
KS_MUST_CHECK int ks_findings_claim(struct ks_state *state,
	int64_t organisation, int64_t scan, int64_t now, struct ks_err *err);

/* ${scan} has told of it, or, if not ${is_told}, somebody else is to. */
KS_MUST_CHECK int ks_findings_told(
	struct ks_state *state, int64_t scan, bool is_told, struct ks_err *err);

/* A finding with the place that a person would look at. Borrowed. */
struct ks_findings_row {
	int64_t id;
	struct ks_findings_entry entry;
	struct ks_findings_place place;
	const char *repository; /* its place; "" */
	int64_t first_seen;
	int64_t last_seen;
	int64_t place_count;
	bool is_new;  /* the last scan, or the one asked for, told of it */
	bool is_gone; /* from all refs */
	bool is_dismissed;
	const char *who; /* dismissed it; "" */
	const char *why;
	const char *until;
};

struct ks_findings_query {
	int64_t organisation;
	const char *today;
	/*
	 * Only those that this scan is to tell of; 0: all, and new is what
	 * the last scan that came to its end told of.
	 */
	int64_t scan;
	bool only_new;
	/*
	 * A glob, with '*' and '?', for the whole place of a repository or its
	 * end behind a '/', ".git" left out or not; NULL: any.
	 */
	const char *repository;
	const char *rule; /* NULL: any */
	double min_confidence;
	int64_t since; /* first seen then or later */
};

KS_MUST_CHECK int ks_findings_list(struct ks_state *state,
	const struct ks_findings_query *query,
	int (*each)(void *payload, const struct ks_findings_row *row,
		struct ks_err *err),
	void *payload, struct ks_err *err);

/* How many there are; each is one of these. */
struct ks_findings_counts {
	int64_t open;
	int64_t gone;
	int64_t dismissed;
};

KS_MUST_CHECK int ks_findings_count(struct ks_state *state,
	int64_t organisation, const char *today, struct ks_findings_counts *out,
	struct ks_err *err);

/*
 * Tell ${each} of ${max} places of finding ${id} at most, the one that a
 * person would look at first, and the place of their repository. Borrowed.
 */
KS_MUST_CHECK int ks_findings_places_of(struct ks_state *state, int64_t id,
	int64_t max,
	int (*each)(void *payload, const struct ks_findings_place *place,
		const char *repository, struct ks_err *err),
	void *payload, struct ks_err *err);

/*
 * The one finding whose fingerprint begins with ${prefix}, to ${out}; a whole
 * one may be a scan's, too.
 * KS_E_NOTFOUND: there is none; KS_E_USAGE: there are several.
 */
KS_MUST_CHECK int ks_findings_find(struct ks_state *state, int64_t organisation,
	const char *prefix, char out[KS_STATE_DIGEST], struct ks_err *err);

/* Who says that it need not be told, why, and until when ("": for ever). */
struct ks_findings_dismissal {
	const char *fingerprint;
	const char *who;
	const char *why;
	const char *until;
	int64_t made;
};

/* It takes the place of an earlier one. */
KS_MUST_CHECK int ks_findings_dismiss(struct ks_state *state,
	int64_t organisation, const struct ks_findings_dismissal *dismissal,
	struct ks_err *err);

/* KS_E_NOTFOUND: it is not dismissed. */
KS_MUST_CHECK int ks_findings_reopen(struct ks_state *state,
	int64_t organisation, const char *fingerprint, struct ks_err *err);

#endif
