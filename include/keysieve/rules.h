/* SPDX-License-Identifier: Apache-2.0 */
/* The rules a scan looks for. */
#ifndef KEYSIEVE_RULES_H
#define KEYSIEVE_RULES_H

#include <keysieve/error.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A compiled set of rules: immutable, may be shared by threads. */
struct ks_rules;

/*
 * Load the built-in rules and those of the ${path_count} rule files or
 * folders ${paths} (may be 0). ${out} is the caller's, to be freed after all
 * that uses it. KS_E_RULE names file, line and what is wrong; KS_E_IO,
 * KS_E_NOMEM.
 */
int ks_rules_load(struct ks_rules **out, const char *const *paths,
	size_t path_count, struct ks_err *err);

/* Rules in memory, as a rule file or a configuration has them. */
struct ks_rules_text {
	const char *name; /* for messages */
	const char *bytes;
	size_t length;
};

/* Another confidence for the rule ${rule}. */
struct ks_rules_confidence {
	const char *rule;
	const char *place; /* who says so, "file:line", for messages */
	double confidence; /* 0 to 1 */
};

/* All that can be said of which rules to load. */
struct ks_rules_options {
	const char *const *paths; /* rule files and folders of them */
	size_t path_count;
	const struct ks_rules_text *texts;
	size_t text_count;
	const struct ks_rules_confidence *confidences; /* the last one counts */
	size_t confidence_count;
};

/* ks_rules_load() of all that ${options} say. Errors as there. */
int ks_rules_load_with(struct ks_rules **out,
	const struct ks_rules_options *options, struct ks_err *err);

/* NULL is fine. */
void ks_rules_free(struct ks_rules *rules);

/* A rule, for people to read; strings live as long as the rules. */
struct ks_rule_info {
	const char *id;
	const char *name;
	const char *kind;     /* "token", "password", "block", "generic" */
	const char *pattern;  /* PCRE2 */
	const char *assigned; /* "name = value" that it was made from; or "" */
	const char *checksum; /* the check a secret must pass; "none" */
	const char *decode;   /* what is read out of a secret; "none" */
	const char *source;   /* URL: where the form is documented; or "" */
	const char *checked;  /* YYYY-MM-DD: when that was read; or "" */
	const char *rotate;   /* URL: how to replace such a secret; or "" */
	const char *near;     /* id of the rule it is tried near of; or "" */
	const char *pair;     /* id of the rule of the other half; or "" */
	double confidence;    /* 0 to 1 */
	double entropy;       /* bits per character, at least; 0: any */
	unsigned min_length;  /* bytes; 0: as the pattern has it */
	unsigned near_lines;  /* within so many of near */
	unsigned pair_lines;
	/* PCRE2: a secret that one of them matches is none. */
	const char *const *allow;
	/* Templates of samples (docs/rules.md): with a secret, with none. */
	const char *const *match;
	const char *const *no_match;
	unsigned allow_count;
	unsigned match_count;
	unsigned no_match_count;
	bool is_public; /* meant to be public, or of little harm */
	bool is_user;   /* not built in */
};

/* How many rules there are. */
size_t ks_rules_count(const struct ks_rules *rules);

/* Rule number ${index}, from 0 and less than ks_rules_count(). */
void ks_rules_info(
	const struct ks_rules *rules, size_t index, struct ks_rule_info *out);

#ifdef __cplusplus
}
#endif
#endif
