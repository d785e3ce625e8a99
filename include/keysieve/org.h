/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of many repositories, of which a store remembers what is known. */
#ifndef KEYSIEVE_ORG_H
#define KEYSIEVE_ORG_H

#include <keysieve/scan.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An organisation in an open store. Not thread-safe. */
struct ks_org;

/* Where what is known is kept. Zero-initialise ({0}): the defaults. */
struct ks_org_store {
	/*
	 * A file, or a postgresql:// URL; NULL: what $KEYSIEVE_STORE says,
	 * or $XDG_STATE_HOME/keysieve/findings.sqlite.
	 */
	const char *place;
	/*
	 * A file with the key that fingerprints are hashed with, 64 hex
	 * digits; NULL: $KEYSIEVE_STORE_KEY holds it, or the file
	 * $XDG_CONFIG_HOME/keysieve/store.key, which is made with a store.
	 */
	const char *key;
};

/*
 * Open the organisation ${name} in ${store}. What is not there is made if
 * ${may_make}. ${out} is the caller's, to be freed by ks_org_close().
 * KS_E_NOTFOUND: it, or the store's key; KS_E_CORRUPT: it is no store, or
 * damaged; KS_E_USAGE: no such name can be, or it is another store's key;
 * KS_E_IO, KS_E_LIMIT, KS_E_UNSUPPORTED, KS_E_NOMEM: also of all below.
 */
int ks_org_open(struct ks_org **out, const struct ks_org_store *store,
	const char *name, bool may_make, struct ks_err *err);

/* NULL is fine. */
void ks_org_close(struct ks_org *org);

/* A source of repositories. Zero-initialise ({0}). */
struct ks_org_source {
	/*
	 * The path of a repository, a folder of them, a file with a path or URL
	 * a line, a URL, or an organisation of a forge ("github:NAME").
	 */
	const char *place;
	/* Of what a forge lists: */
	bool no_archived;
	bool no_forks;
	bool wikis; /* each repository's wiki, too */
	/*
	 * Globs: only what one of ${include} fits (if there is one), and
	 * nothing that one of ${exclude} does. With a '/' they are for the
	 * whole name, else for its last part; case does not matter.
	 */
	const char *const *include;
	size_t include_count;
	const char *const *exclude;
	size_t exclude_count;
};

/*
 * Another source; one that is there gets these options. KS_E_USAGE,
 * KS_E_NOTFOUND: it is none of these, or has options and is no forge's.
 */
int ks_org_add(struct ks_org *org, const struct ks_org_source *source,
	struct ks_err *err);

/*
 * Its repositories are not scanned any more, unless another source has them;
 * what is known of them stays. KS_E_NOTFOUND.
 */
int ks_org_remove(struct ks_org *org, const char *place, struct ks_err *err);

/* Write the sources to ${file}, a line each. Flushed. KS_E_IO. */
int ks_org_write_sources(struct ks_org *org, FILE *file, struct ks_err *err);

/* What became of a repository; borrowed. */
struct ks_org_event {
	const char *place;
	/*
	 * "unchanged", "followed", "audited", "failed"; or "queued", once, when
	 * it is known how many are to be looked at.
	 */
	const char *outcome;
	uint64_t left; /* repositories of this scan; 0 of a worker's */
};

/* How to scan. */
struct ks_org_wish {
	const struct ks_scan_options *scan;
	const char *config;   /* what options->control was read from, … */
	const char *baseline; /* … which may change; NULL: none */
	/* Where copies of remote repositories are; NULL: in the cache. */
	const char *mirrors;
	uint64_t mirrors_max; /* bytes that they may take; 0: no limit */
	/*
	 * A file with a public key of ks_org_make_keys(): secrets are kept,
	 * encrypted for who has the private one. NULL: they are not.
	 */
	const char *secrets_to;
	/*
	 * A file in the format of netrc(5) with tokens for forges, readable by
	 * the user alone; NULL: the environment has them (docs/org.md).
	 */
	const char *credentials;
	/*
	 * Where nothing but the rules has changed since a repository was
	 * scanned, look for those with new ids only: what others have become
	 * is not seen, and what they found stays.
	 */
	bool new_rules;
	/* Told of each repository that was looked at; may be NULL. */
	void (*event)(const struct ks_org_event *event, void *payload);
	void *event_payload;
};

/* A source or a repository that could not be scanned, or not all of it. */
struct ks_org_trouble {
	const char *where;
	const char *why;
};

/* What a scan did. */
struct ks_org_tally {
	size_t unchanged; /* repositories: nothing of these was read */
	size_t followed;  /* only what was new in them */
	size_t audited;   /* all of them */
	const struct ks_org_trouble *troubles;
	size_t trouble_count;
};

/*
 * Scan what is new in all repositories since they were scanned last under the
 * same rules, and all of those that were not. What fails is in the tally,
 * which lives as long as ${org}, and stops no other. KS_E_INTERRUPTED: what
 * was done so far stays done.
 */
int ks_org_scan(struct ks_org *org, const struct ks_org_wish *wish,
	struct ks_org_tally *tally, struct ks_err *err);

/*
 * Do what scans of organisations in ${store}, by others and under the same
 * rules, want done, the largest repositories first, until ${wish} is cancelled
 * or there was nothing to do for ${patience} seconds; negative: for ever. What
 * fails is in the store. Any number may do so at once, on any machines. Errors
 * as ks_org_open().
 */
int ks_org_work(const struct ks_org_store *store, int patience,
	const struct ks_org_wish *wish, struct ks_err *err);

/* Of which findings to tell. */
enum ks_org_list {
	KS_ORG_NEWS, /* what ks_org_scan() is to tell of */
	KS_ORG_NEW,  /* what the last scan told of */
	KS_ORG_ALL
};

/* The states of a finding, to be joined by '|'. */
enum {
	KS_ORG_STATE_NEW = 1,
	KS_ORG_STATE_OPEN = 2,
	KS_ORG_STATE_GONE = 4,
	KS_ORG_STATE_DISMISSED = 8
};

/* Which findings. Zero-initialise ({0}): what the last scan is to tell of. */
struct ks_org_filter {
	enum ks_org_list list;
	/*
	 * A glob, with '*' and '?', for where a repository is, or the end of
	 * that behind a '/': "acme/web" or "web*"; NULL: any.
	 */
	const char *repository;
	const char *rule;  /* its id; NULL: any */
	const char *since; /* YYYY-MM-DD: first seen that day or later; NULL */
	double min_confidence;
	unsigned states; /* 0: any */
};

/*
 * Write the findings that ${filter} names to ${file}: text, or a JSON object
 * a line (docs/org.md). How many goes to ${count}. The stream is flushed.
 * KS_E_USAGE: no date; KS_E_IO without the file's name.
 */
int ks_org_write(struct ks_org *org, FILE *file,
	const struct ks_org_filter *filter, bool as_json, size_t *count,
	struct ks_err *err);

/*
 * Make a pair of keys: the private one in the file ${path}, readable by the
 * user alone, the public one in "${path}.pub". KS_E_IO: also if they are there
 * already; KS_E_UNSUPPORTED: no libsodium.
 */
int ks_org_make_keys(const char *path, struct ks_err *err);

/*
 * ks_org_write() is to tell secrets in full where they were kept, decrypted
 * with the private key in the file ${key}. KS_E_USAGE: it holds none; KS_E_IO.
 * If it is the wrong one ks_org_write() fails with KS_E_USAGE.
 */
int ks_org_show_secrets(
	struct ks_org *org, const char *key, struct ks_err *err);

/* Who else is to be told of what is new. */
struct ks_org_hook {
	const char *org; /* what messages call the organisation */
	const char *url; /* https; "slack:URL", "json:URL"; may be a secret */
	const char *key; /* messages are signed with it; NULL: they are not */
	const volatile int *cancel;
};

/* Is ${url} one that can be told? KS_E_USAGE: it is not, or not over https. */
int ks_org_check_hook(const char *url, struct ks_err *err);

/*
 * POST to ${hook} what ks_org_scan() is to tell of. KS_E_IO, KS_E_LIMIT: it
 * was not taken, or not all of it; KS_E_UNSUPPORTED: no libcurl.
 */
int ks_org_notify(
	struct ks_org *org, const struct ks_org_hook *hook, struct ks_err *err);

/*
 * Write figures of the organisation, called ${name}, and of its last scan,
 * which told of ${news} findings, to the file ${path}, as Prometheus's
 * node_exporter reads them. KS_E_IO.
 */
int ks_org_measure(struct ks_org *org, const char *name,
	const struct ks_org_tally *tally, size_t news, const char *path,
	struct ks_err *err);

/*
 * What ks_org_scan() found has been told, or, if not ${is_told}, the next one
 * is to. Without a word the next one does so after a minute.
 */
int ks_org_told(struct ks_org *org, bool is_told, struct ks_err *err);

/* Write how each repository stands to ${file}, as above. */
int ks_org_write_status(struct ks_org *org, FILE *file, struct ks_err *err);

/*
 * Make a result of the findings that ${filter} names, to be told in any format
 * by ks_report_write(): called ${name}, paths with the end of where their
 * repository is before them, of each finding a hundred places at most, those
 * that were dismissed among the suppressed ones. ${out} is the caller's, to
 * be freed by ks_org_report_free(). KS_E_USAGE: no date.
 */
int ks_org_report(struct ks_result **out, struct ks_org *org, const char *name,
	const struct ks_org_filter *filter, struct ks_err *err);

/* Free ${result}, which came from ks_org_report(); NULL is fine. */
void ks_org_report_free(struct ks_result *result);

/*
 * Write what happened since the day ${since}, YYYY-MM-DD (NULL: ever), to
 * ${file}, text or a JSON object a line: scans, and what became of findings;
 * or only of the one whose fingerprint begins with ${fingerprint}, if that is
 * not NULL. KS_E_USAGE, KS_E_NOTFOUND; as ks_org_write().
 */
int ks_org_write_history(struct ks_org *org, FILE *file,
	const char *fingerprint, const char *since, bool as_json,
	struct ks_err *err);

/*
 * The finding whose fingerprint begins with ${fingerprint} (8 digits or more)
 * need not be told of, as ${who} says, because of ${why}; until the day
 * ${until}, YYYY-MM-DD, or for ever: NULL. KS_E_USAGE, KS_E_NOTFOUND.
 */
int ks_org_dismiss(struct ks_org *org, const char *fingerprint, const char *who,
	const char *why, const char *until, struct ks_err *err);

/* It has to be told of after all. KS_E_NOTFOUND: it was not dismissed. */
int ks_org_reopen(
	struct ks_org *org, const char *fingerprint, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
