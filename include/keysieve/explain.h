/* SPDX-License-Identifier: Apache-2.0 */
/* Why something in a text is a finding, or is none. */
#ifndef KEYSIEVE_EXPLAIN_H
#define KEYSIEVE_EXPLAIN_H

#include <keysieve/error.h>
#include <keysieve/rules.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Something that moved a confidence. */
struct ks_explanation_weight {
	const char *what; /* in words; static */
	double odds;      /* log odds; above 0: for a secret */
};

/* A match of a rule's pattern, and what the filter says of it. */
struct ks_explanation {
	const char *rule; /* id */
	const char *rule_name;
	const char *redacted; /* the secret as it may be shown */
	uint64_t line;        /* of its start, from 1 */
	uint64_t column;      /* from 1, in bytes */
	size_t length;        /* bytes */
	size_t least_length;  /* that the rule asks for */
	double entropy;       /* bits per character */
	double least_entropy; /* that the rule asks for */
	bool is_secret;
	const char *verdict; /* in words; static */
	double confidence;   /* 0 if it is no secret */
	/* What moved that, the most first; none where a check dropped it. */
	const struct ks_explanation_weight *weights;
	size_t weight_count;
};

/*
 * Match ${rules} on the ${n} bytes ${bytes} and let ${tell} know of each match
 * that touches the line ${line}, from 1 (0: of all lines), as it stands there:
 * what is encoded is not decoded. The strings live until ${tell} returns.
 * KS_E_LIMIT: more than a gigabyte, or too much that might be a secret.
 * KS_E_RULE, KS_E_NOMEM.
 */
int ks_explain_line(const struct ks_rules *rules, const void *bytes, size_t n,
	uint64_t line,
	void (*tell)(void *payload, const struct ks_explanation *explanation),
	void *payload, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
