/* SPDX-License-Identifier: Apache-2.0 */
/* A rule as every later stage sees it. */
#ifndef KS_RULES_RULE_H
#define KS_RULES_RULE_H

#include "base/err.h"
#include "base/span.h"

#include <hs/hs_runtime.h>

struct ks_follow;  /* rules/follow.h */
struct ks_literal; /* rules/literal.h */

#define KS_RULE_NONE UINT32_MAX /* no rule: see struct ks_rule_link */

enum {
	KS_TOKEN_RUN_MIN = 16 /* bytes: see ks_rule.token_reach */
};

/* Checksums a token form can carry: name in rule files, meaning. */
#define KS_CHECKSUMS(X)                                                        \
	X(NONE, "none")                                                        \
	X(GITHUB, "github") /* CRC32, base62, last 6 characters */             \
	X(NPM, "npm")       /* the same, after "npm_" */                       \
	X(GITLAB_ROUTABLE, "gitlab_routable") /* CRC32, base36, last 7 */      \
	X(GRAFANA, "grafana")                 /* glsa_: CRC32, 8 hex digits */ \
	X(JWT, "jwt")                 /* header and payload are JSON */        \
	X(PYPI, "pypi")               /* a macaroon for pypi.org */            \
	X(PEM, "pem")                 /* base64 body that decodes to a key */  \
	X(BASE64_JSON, "base64_json") /* base64 of a JSON object */            \
	X(PASETO, "paseto")           /* of a known version, long enough */    \
	X(DISCORD, "discord")         /* the id of a bot is in front */

enum ks_checksum {
#define X(name, text) KS_CHECKSUM_##name,
	KS_CHECKSUMS(X)
#undef X
	KS_CHECKSUM_COUNT
};

/* What kind of thing a rule finds; a lower one wins where two overlap. */
#define KS_RULE_KINDS(X)                                                       \
	X(BLOCK, "block")                                                      \
	X(TOKEN, "token")                                                      \
	X(PASSWORD, "password")                                                \
	X(GENERIC, "generic")

enum ks_rule_kind {
#define X(name, text) KS_RULE_##name,
	KS_RULE_KINDS(X)
#undef X
	KS_RULE_KIND_COUNT
};

/* What a secret tells by itself. */
#define KS_DECODES(X)                                                          \
	X(NONE, "none")                                                        \
	X(AWS_ACCOUNT, "aws_account")                                          \
	X(JWT, "jwt")                                                          \
	X(JSON, "json")                                                        \
	X(PASETO, "paseto")                                                    \
	X(DISCORD, "discord")                                                  \
	X(GITLAB, "gitlab")                                                    \
	X(SLACK, "slack")                                                      \
	X(BEDROCK, "bedrock")                                                  \
	X(USER, "user")

enum ks_decode {
#define X(name, text) KS_DECODE_##name,
	KS_DECODES(X)
#undef X
	KS_DECODE_COUNT
};

/* A rule of another id, so many lines away at most. */
struct ks_rule_link {
	uint32_t rule; /* index into ks_rules.list, KS_RULE_NONE: no link */
	uint32_t within_lines;
};

/* All strings live as long as the struct ks_rules; optional ones are "". */
struct ks_rule {
	const char *id;
	const char *name;
	const char *pattern;      /* PCRE2 */
	const char *assigned;     /* what it was made from, for people */
	const char *source;       /* URL */
	const char *checked;      /* YYYY-MM-DD */
	const char *rotate;       /* URL */
	const char *const *allow; /* PCRE2 patterns */
	const char *const *match; /* sample templates */
	const char *const *no_match;
	uint32_t allow_count;
	uint32_t match_count;
	uint32_t no_match_count;
	uint32_t min_length; /* bytes */
	float entropy;       /* bits per character */
	float confidence;    /* 0 to 1 */
	enum ks_rule_kind kind;
	enum ks_checksum checksum;
	enum ks_decode decode;
	bool is_public;
	bool is_user;             /* from --rules, not built in */
	struct ks_rule_link near; /* set: has no anchor of its own */
	struct ks_rule_link pairs_with;
	/*
	 * Width of the anchor in bytes. If stage one reports an anchor that
	 * ends at e, a match can only start in
	 * [e - anchor_max, e - anchor_min].
	 */
	uint32_t anchor_min;
	uint32_t anchor_max;
	/*
	 * What has to follow there, or it is none, and how wide the anchor is
	 * with it. NULL: nothing; then anchor_max.
	 */
	const struct ks_follow *follow;
	uint32_t anchor_width;
	/*
	 * What its anchor can be told by, without Hyperscan; then the starts
	 * of anchors are found, and anchor_min and anchor_max are the same.
	 */
	const struct ks_literal *literals;
	uint32_t literal_count;
	/* Bytes before its start that the pattern may look at. */
	uint32_t lookbehind;
	/*
	 * Bytes from its start that the pattern may look at, lookahead
	 * included; UINT32_MAX where there is no bound.
	 */
	uint32_t extent;
	/*
	 * A match has a token run (match/token_run.h) among so many bytes from
	 * its start, or it is none; 0: that is not asked of it.
	 */
	uint32_t token_reach;
};

/*
 * A set of rules, compiled. Immutable and shared by all threads; outlives
 * every matcher made from it.
 */
struct ks_rules {
	const struct ks_rule *list;
	uint32_t count;
	/*
	 * Stage one by Hyperscan, of rules that a match anywhere can be of, and
	 * of those with a token_reach, to be searched near token runs only.
	 * The ids reported are indexes into list, every end is reported. NULL
	 * if no such rule has an anchor without literals.
	 */
	const hs_database_t *database;
	const hs_database_t *token_database;
	uint32_t anchor_max_width; /* the largest anchor_width, bytes */
	uint32_t token_anchor_max; /* the same of those near token runs */
	uint32_t token_reach_max;  /* the largest token_reach */
	uint8_t digest[32];        /* of all that decides what is found */
};

/* How far from a change of the bytes stage one has to look, in bytes. */
uint32_t ks_rules_width(const struct ks_rules *rules);

/* The index of the rule called ${id}, or KS_RULE_NONE. */
uint32_t ks_rule_find(const struct ks_rules *rules, const char *id);

/* As they are called in rule files; static. */
const char *ks_rule_kind_name(enum ks_rule_kind kind);
const char *ks_checksum_name(enum ks_checksum checksum);
const char *ks_decode_name(enum ks_decode decode);

#endif
