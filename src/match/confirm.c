/* SPDX-License-Identifier: Apache-2.0 */
/* Stage two: PCRE2 says whether a rule matches, and where. */
#include "match/confirm.h"

#include "base/array.h"
#include "match/token_run.h"

/*
 * A rule's matches are all secrets that a match from any start gives: every
 * start is tried by itself, whether or not it lies in the match before.
 * That makes a match depend on the bytes around it only, never on what was
 * found earlier in the blob; both engines and the delta-aware scan rest on
 * it. Overlaps are resolved at the end, on the whole list.
 */

int ks_confirm_init(struct ks_confirm *confirm, struct ks_patterns *patterns,
	struct ks_err *err)
{
	*confirm = (struct ks_confirm){ .patterns = patterns };
	confirm->data = pcre2_match_data_create(16, NULL);
	confirm->context = pcre2_match_context_create(NULL);
	confirm->stack = pcre2_jit_stack_create(32 << 10, 1 << 20, NULL);
	if (!confirm->data || !confirm->context || !confirm->stack) {
		ks_confirm_release(confirm);
		return ks_fail_nomem(err);
	}
	pcre2_set_match_limit(confirm->context, KS_MATCH_LIMIT);
	pcre2_set_depth_limit(confirm->context, KS_MATCH_LIMIT);
	pcre2_set_heap_limit(confirm->context, 64 << 10); /* KiB */
	pcre2_jit_stack_assign(confirm->context, NULL, confirm->stack);
	return KS_OK;
}

static bool is_allowed(struct ks_confirm *confirm,
	const struct ks_pattern *pattern, struct ks_span secret)
{
	for (size_t i = 0; pattern->allow[i]; i++) {
		if (pcre2_match(pattern->allow[i], secret.p, secret.n, 0, 0,
			    confirm->data, confirm->context) >= 0)
			return true;
	}
	return false;
}

/* Is it the secret that an earlier start of this run gave already? */
static bool is_repeated(
	const struct ks_matches *out, const struct ks_match *match)
{
	for (size_t i = out->count; i-- > 0;) {
		const struct ks_match *other = &out->list[i];

		if (other->rule == match->rule &&
			other->secret_start == match->secret_start &&
			other->secret_end == match->secret_end)
			return true;
		if (out->count - i > 16)
			break;
	}
	return false;
}

/* Is there a token run where each match of the rule has one? */
static bool has_token_run(const struct ks_pattern *pattern,
	struct ks_span subject, const struct ks_match *match)
{
	struct ks_token_run run;
	size_t end = match->end;

	if (pattern->token_reach == 0)
		return true;
	if (end - match->start > pattern->token_reach)
		end = match->start + pattern->token_reach;
	return ks_token_run_next(
		&run, ks_span_cut(subject, match->start, end), 0);
}

/* What PCRE2 found, if it has a secret that the rule does not allow. */
static bool read_match(struct ks_confirm *confirm,
	const struct ks_pattern *pattern, uint32_t rule, struct ks_span subject,
	struct ks_match *out)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(confirm->data);

	*out = (struct ks_match){
		.rule = rule,
		.start = at[0],
		.end = at[1],
		.secret_start = at[2 * pattern->secret],
		.secret_end = at[2 * pattern->secret + 1],
	};
	return out->secret_start != PCRE2_UNSET &&
	       out->secret_end > out->secret_start &&
	       out->secret_end <= subject.n &&
	       has_token_run(pattern, subject, out) &&
	       !is_allowed(confirm, pattern,
		       ks_span_cut(
			       subject, out->secret_start, out->secret_end));
}

static int add(struct ks_matches *out, const struct ks_match *match,
	struct ks_err *err)
{
	if (is_repeated(out, match))
		return KS_OK;
	if (ks_array_reserve(&out->list, &out->cap, out->count + 1,
		    sizeof(*out->list)) < 0)
		return ks_fail_nomem(err);
	out->list[out->count++] = *match;
	return KS_OK;
}

/* Count what ended without an answer; true if it was a match. */
static bool is_match(struct ks_confirm *confirm, uint32_t rule, int rc)
{
	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
		confirm->gave_up++;
		confirm->gave_up_rule = rule;
	}
	return rc > 0;
}

int ks_confirm_at(struct ks_confirm *confirm, uint32_t rule,
	struct ks_span subject, size_t from, size_t to,
	const struct ks_judge *judge, struct ks_matches *out,
	struct ks_confirm_last *last, struct ks_err *err)
{
	const struct ks_pattern *pattern;
	struct ks_match match;
	int rc = ks_patterns_get(
		&pattern, confirm->patterns, rule, KS_PATTERN_ANCHORED, err);

	for (size_t at = from; rc == KS_OK && at <= to && at < subject.n;
		at++) {
		uint64_t gave_up = confirm->gave_up;
		bool matched;

		if (!pattern->first[subject.p[at]])
			continue;
		matched = is_match(confirm, rule,
				  pcre2_match(pattern->code, subject.p,
					  subject.n, at, 0, confirm->data,
					  confirm->context)) &&
			  read_match(confirm, pattern, rule, subject, &match);
		if (matched && judge &&
			judge->is_rejected(judge->payload, subject, &match)) {
			last->rejected = at + 1;
			continue;
		}
		if (matched || confirm->gave_up > gave_up)
			last->kept = at + 1;
		if (matched)
			rc = add(out, &match, err);
	}
	return rc;
}

int ks_confirm_search(struct ks_confirm *confirm, uint32_t rule,
	struct ks_span subject, size_t from, size_t to, struct ks_matches *out,
	struct ks_err *err)
{
	const struct ks_pattern *pattern;
	struct ks_match match;
	int rc = ks_patterns_get(
		&pattern, confirm->patterns, rule, KS_PATTERN_SEARCH, err);

	while (rc == KS_OK && from <= to && from < subject.n) {
		size_t start;

		if (!is_match(confirm, rule,
			    pcre2_match(pattern->code, subject.p, subject.n,
				    from, 0, confirm->data, confirm->context)))
			break;
		start = pcre2_get_ovector_pointer(confirm->data)[0];
		if (start > to)
			break;
		if (read_match(confirm, pattern, rule, subject, &match))
			rc = add(out, &match, err);
		from = start + 1;
	}
	return rc;
}

void ks_confirm_release(struct ks_confirm *confirm)
{
	pcre2_match_data_free(confirm->data);
	pcre2_match_context_free(confirm->context);
	pcre2_jit_stack_free(confirm->stack);
	*confirm = (struct ks_confirm){ 0 };
}
