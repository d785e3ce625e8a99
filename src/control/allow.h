/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a configuration that say what may stand. */
#ifndef KS_CONTROL_ALLOW_H
#define KS_CONTROL_ALLOW_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/yaml.h"

#include <pcre2.h>

/* Compiled patterns. */
struct ks_allow_codes {
	pcre2_code **list;
	uint32_t count;
};

/* A glob: which parts of a path it is held against. */
struct ks_allow_glob {
	pcre2_code *code;
	bool is_anchored; /* at the top; else against each name by itself */
	bool is_folder;   /* never the file itself, only what is above it */
};

/*
 * One entry: all conditions that it has must hold, of each one of its values
 * must. Strings live as long as the arena they were read into.
 */
struct ks_allow {
	const char *file; /* where it stands */
	unsigned line;
	struct ks_yaml_texts rules;
	struct ks_yaml_texts fingerprints; /* lower-case hex, or the start */
	struct ks_yaml_texts commits;      /* likewise */
	struct ks_yaml_texts stopwords;    /* in any case */
	struct ks_allow_glob *globs;       /* of paths */
	uint32_t glob_count;
	struct ks_allow_codes path_patterns;
	struct ks_allow_codes patterns;
	bool on_line; /* patterns: the line, not the secret */
	const char *reason;
	const char *until; /* the last day, YYYY-MM-DD; "": for ever */
};

/* Zero-initialise; ks_allow_list_release() frees. */
struct ks_allow_list {
	struct ks_allow *list;
	size_t count;
	size_t cap;
};

/* What an entry is held against: one place of one secret. */
struct ks_allow_subject {
	const char *rule;
	const char *fingerprint; /* 64 hex digits */
	struct ks_span secret;
	const char *path;
	const char *commit; /* hex; "": none */
	struct ks_span line;
};

/* What matching needs; belongs to one thread. */
struct ks_allow_matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

/*
 * Read the entry whose mapping starts with the current event of ${yaml}.
 * KS_E_RULE names file, line and what is wrong; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_allow_read(
	struct ks_allow_list *into, struct ks_yaml *yaml);

void ks_allow_list_release(struct ks_allow_list *list);

/* KS_E_NOMEM; ks_allow_matcher_release() is to be called then too. */
KS_MUST_CHECK int ks_allow_matcher_init(struct ks_allow_matcher *matcher);
void ks_allow_matcher_release(struct ks_allow_matcher *matcher);

/* Has ${allow} run out on the day ${today}, YYYY-MM-DD? */
bool ks_allow_is_expired(const struct ks_allow *allow, const char *today);

/* Do the conditions hold that depend on rule and secret only? */
bool ks_allow_fits_secret(const struct ks_allow *allow,
	const struct ks_allow_subject *subject,
	const struct ks_allow_matcher *matcher);

/* And the others? A pattern that takes too long does not match. */
bool ks_allow_fits_place(const struct ks_allow *allow,
	const struct ks_allow_subject *subject,
	const struct ks_allow_matcher *matcher);

#endif
