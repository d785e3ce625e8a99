/* SPDX-License-Identifier: Apache-2.0 */
/* The rules' PCRE2 patterns, compiled when first needed. */
#include "match/patterns.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct ks_patterns {
	const struct ks_rules *rules;
	uint8_t *wanted;
	struct ks_literal_search *literals;
	pthread_mutex_t lock; /* held while one is compiled */
	_Atomic(struct ks_pattern *) *compiled[KS_PATTERN_USES];
};

static void pattern_free(struct ks_pattern *pattern)
{
	if (!pattern)
		return;
	for (size_t i = 0; pattern->allow && pattern->allow[i]; i++)
		pcre2_code_free(pattern->allow[i]);
	free(pattern->allow);
	pcre2_code_free(pattern->code);
	free(pattern);
}

int ks_patterns_new(struct ks_patterns **out, const struct ks_rules *rules,
	const uint8_t *wanted, struct ks_err *err)
{
	struct ks_patterns *patterns = calloc(1, sizeof(*patterns));
	size_t count = rules->count ? rules->count : 1;

	*out = NULL;
	if (!patterns)
		return ks_fail_nomem(err);
	pthread_mutex_init(&patterns->lock, NULL);
	patterns->rules = rules;
	patterns->wanted = malloc(count);
	for (int use = 0; use < KS_PATTERN_USES; use++)
		patterns->compiled[use] =
			calloc(count, sizeof(*patterns->compiled[use]));
	if (!patterns->wanted || !patterns->compiled[0] ||
		!patterns->compiled[1]) {
		ks_patterns_free(patterns);
		return ks_fail_nomem(err);
	}
	memset(patterns->wanted, 1, count);
	if (wanted)
		memcpy(patterns->wanted, wanted, rules->count);
	if (ks_literal_search_new(
		    &patterns->literals, rules, patterns->wanted) < 0) {
		ks_patterns_free(patterns);
		return ks_fail_nomem(err);
	}
	*out = patterns;
	return KS_OK;
}

const struct ks_rules *ks_patterns_rules(const struct ks_patterns *patterns)
{
	return patterns->rules;
}

const uint8_t *ks_patterns_wanted(const struct ks_patterns *patterns)
{
	return patterns->wanted;
}

const struct ks_literal_search *ks_patterns_literals(
	const struct ks_patterns *patterns)
{
	return patterns->literals;
}

static int compile_code(pcre2_code **out, const char *text, uint32_t options,
	const char *rule, struct ks_err *err)
{
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE where;
	int code;

	*out = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options,
		&code, &where, NULL);
	if (!*out) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return ks_fail(err, KS_E_RULE,
			"rule '%s': pattern is wrong at offset %zu: %s", rule,
			where, (const char *)reason);
	}
	return KS_OK;
}

/* Without JIT the pattern still works: pcre2_match() interprets it. */
static int compile_fast(pcre2_code **out, const char *text, uint32_t options,
	const char *rule, struct ks_err *err)
{
	int rc = compile_code(out, text, options, rule, err);

	if (rc == KS_OK)
		(void)pcre2_jit_compile(*out, PCRE2_JIT_COMPLETE);
	return rc;
}

/*
 * Most starts in a window fail at their first byte: asking a table is
 * cheaper than calling PCRE2. PCRE2 does not say whether its first code unit
 * is caseless, so both cases are let through.
 */
static void find_first_bytes(struct ks_pattern *pattern, pcre2_code *code)
{
	const uint8_t *bits = NULL;
	uint32_t type = 0;
	uint32_t unit = 0;

	pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &bits);
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &type);
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &unit);
	for (unsigned byte = 0; byte < 256; byte++) {
		if (bits)
			pattern->first[byte] = bits[byte / 8] >> byte % 8 & 1;
		else
			pattern->first[byte] =
				type != 1 ||
				tolower((int)byte) == tolower((int)unit);
	}
}

static int compile_allow(struct ks_pattern *pattern, const struct ks_rule *rule,
	struct ks_err *err)
{
	pattern->allow = calloc(rule->allow_count + 1u, sizeof(pcre2_code *));
	if (!pattern->allow)
		return ks_fail_nomem(err);
	for (uint32_t i = 0; i < rule->allow_count; i++) {
		int rc = compile_fast(
			&pattern->allow[i], rule->allow[i], 0, rule->id, err);

		if (rc < 0)
			return rc;
	}
	return KS_OK;
}

/*
 * Where the start is given, PCRE2's search for a byte that each match has,
 * thousands of bytes ahead, costs more than to try the match. But it is that
 * which tells the first bytes.
 */
static int compile_anchored(struct ks_pattern *pattern,
	const struct ks_rule *rule, struct ks_err *err)
{
	pcre2_code *code;
	int rc = compile_code(
		&code, rule->pattern, PCRE2_ANCHORED, rule->id, err);

	if (rc < 0)
		return rc;
	find_first_bytes(pattern, code);
	pcre2_code_free(code);
	return compile_fast(&pattern->code, rule->pattern,
		PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE, rule->id, err);
}

static int compile(struct ks_pattern **out, const struct ks_rule *rule,
	enum ks_pattern_use use, struct ks_err *err)
{
	struct ks_pattern *pattern = calloc(1, sizeof(*pattern));
	int group;
	int rc;

	if (!pattern)
		return ks_fail_nomem(err);
	if (use == KS_PATTERN_ANCHORED)
		rc = compile_anchored(pattern, rule, err);
	else
		rc = compile_fast(
			&pattern->code, rule->pattern, 0, rule->id, err);
	if (rc == KS_OK)
		rc = compile_allow(pattern, rule, err);
	if (rc == KS_OK) {
		group = pcre2_substring_number_from_name(
			pattern->code, (PCRE2_SPTR) "secret");
		pattern->secret = group > 0 ? (uint32_t)group : 0;
		pattern->token_reach = rule->token_reach;
		*out = pattern;
		return KS_OK;
	}
	pattern_free(pattern);
	return rc;
}

int ks_patterns_get(const struct ks_pattern **out, struct ks_patterns *patterns,
	uint32_t rule, enum ks_pattern_use use, struct ks_err *err)
{
	_Atomic(struct ks_pattern *) *place = &patterns->compiled[use][rule];
	struct ks_pattern *pattern =
		atomic_load_explicit(place, memory_order_acquire);
	int rc = KS_OK;

	if (!pattern) {
		pthread_mutex_lock(&patterns->lock);
		pattern = atomic_load(place);
		if (!pattern)
			rc = compile(&pattern, &patterns->rules->list[rule],
				use, err);
		if (rc == KS_OK)
			atomic_store_explicit(
				place, pattern, memory_order_release);
		pthread_mutex_unlock(&patterns->lock);
	}
	*out = pattern;
	return rc;
}

void ks_patterns_free(struct ks_patterns *patterns)
{
	if (!patterns)
		return;
	for (int use = 0; use < KS_PATTERN_USES; use++) {
		for (uint32_t i = 0;
			patterns->compiled[use] && i < patterns->rules->count;
			i++)
			pattern_free(atomic_load(&patterns->compiled[use][i]));
		free(patterns->compiled[use]);
	}
	ks_literal_search_free(patterns->literals);
	free(patterns->wanted);
	pthread_mutex_destroy(&patterns->lock);
	free(patterns);
}
