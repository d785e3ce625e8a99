/* SPDX-License-Identifier: Apache-2.0 */
/* Is a match a secret? */
#ifndef KS_FILTER_FILTER_H
#define KS_FILTER_FILTER_H

#include "match/match.h"
#include "rules/rule.h"

/* Why a match was dropped: enum, text for `rules test` and `explain`. */
#define KS_REJECTS(X)                                                          \
	X(NONE, "a secret")                                                    \
	X(LENGTH, "shorter than the rule asks for")                            \
	X(ENTROPY, "too regular: entropy below the rule's")                    \
	X(CHECKSUM, "its checksum or structure is wrong")                      \
	X(PLACEHOLDER, "a placeholder or an example")                          \
	X(TEMPLATE, "a variable or a template, not a value")                   \
	X(REPEATED, "one character or one short piece repeated")               \
	X(SEQUENCE, "a run of the alphabet or of the keyboard")                \
	X(ALLOWED, "allowed by the rule")                                      \
	X(IDENTIFIER, "a name or a path in code, not a value")                 \
	X(UNLIKELY, "less likely a secret than one in ten such values")

enum ks_reject {
#define X(name, text) KS_REJECT_##name,
	KS_REJECTS(X)
#undef X
	KS_REJECT_COUNT
};

struct ks_verdict {
	enum ks_reject reject; /* KS_REJECT_NONE: it is a secret */
	float confidence;      /* 0 to 1; 0 if rejected */
	float entropy;         /* of the secret, bits per character */
};

/* Shannon entropy of the bytes of ${span}, bits per byte; 0 if empty. */
float ks_entropy(struct ks_span span);

/*
 * Judge ${match} of ${rule} in ${subject}: is it a secret, and how sure is
 * that? Looks at the secret and at the text around it (256 bytes each way at
 * most), at nothing else: equal bytes there give an equal verdict. Takes
 * about a microsecond for a token of 40 bytes. Thread-safe; no allocation
 * but for the checks of JSON forms. The rule's `allow` patterns are not its
 * business but the matcher's. judge.c has the order of the checks and what
 * moves the confidence.
 */
void ks_filter_judge(struct ks_verdict *out, const struct ks_rule *rule,
	struct ks_span subject, const struct ks_match *match);

/* Something that moved a confidence. */
struct ks_weight {
	const char *what; /* in words; static */
	float odds;       /* log odds; above 0: for a secret */
};

enum {
	KS_WEIGHTS_MAX = 8
};

/*
 * What moved the confidence of ${match}, which is as above, what moved it most
 * first; returns how many of ${list} were filled. None for what a check drops
 * before any confidence is thought of. Of the model's features those that are
 * of one kind are one: each is credited with how far its branches led from
 * the mean of what lay ahead.
 */
size_t ks_filter_weigh(struct ks_weight list[KS_WEIGHTS_MAX],
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match);

struct ks_features;

/*
 * What the model is told about ${match}; see measure.h. All zero where it is
 * not asked about such rules. Returns why it is not asked about this match, or
 * KS_REJECT_NONE. For the trainer.
 */
enum ks_reject ks_filter_measure(struct ks_features *out,
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match);

/* The text of ${reject}, static. */
const char *ks_reject_text(enum ks_reject reject);

/*
 * Does ${secret}, the token whole with its prefix, pass ${checksum}? True
 * for KS_CHECKSUM_NONE, and where memory ran out: what cannot be checked
 * stays a secret.
 */
bool ks_checksum_ok(enum ks_checksum checksum, struct ks_span secret);

enum {
	KS_DETAILS_MAX = 8,
	KS_DETAIL_VALUE_MAX = 160
};

/* One thing that a token tells, e.g. account = 123456789012. */
struct ks_detail {
	const char *name;                /* static */
	char value[KS_DETAIL_VALUE_MAX]; /* printable, NUL-terminated */
};

/*
 * What ${secret} of ${rule} tells without asking anybody; never a part of the
 * secret that must stay secret. Returns how many of ${list} were filled; one
 * that the secret does not tell is left out. By rule->decode:
 *
 *   aws_account   account
 *   jwt           issuer, subject, audience (the first), expires (UTC, ISO
 *                 8601), algorithm (only "none": anybody can forge it)
 *                 scope (the first)
 *   json          type, account, project, organization, name, host, issued;
 *                 JSON or its base64, behind a prefix or not
 *   paseto        as jwt, if it is not encrypted
 *   discord       bot, created
 *   gitlab        cell, group, organization, project, user
 *   slack         workspace of a webhook, app of an app's token
 *   bedrock       account
 *   user          user, of user:password in base64
 */
size_t ks_inspect(struct ks_detail list[KS_DETAILS_MAX],
	const struct ks_rule *rule, struct ks_span secret);

#endif
