/* SPDX-License-Identifier: Apache-2.0 */
/* Checking rules against their own samples. */
#include <keysieve/check.h>

#include "filter/filter.h"
#include "rules/bundle.h"
#include "rules/sample.h"
#include "scan/finder.h"

#include <stdio.h>

/* Classes and counts of a template are drawn: each is tried so often. */
enum {
	DRAWS = 4
};

struct check {
	const struct ks_rules *rules;
	struct ks_finder finder;
	struct ks_buf text;
	void (*problem)(void *payload, const char *rule, const char *what);
	void *payload;
	struct ks_check_counts *counts;
};

static void tell(struct check *check, const struct ks_rule *rule,
	const char *sample, const char *what, const char *detail)
{
	char line[2048];

	check->counts->problems++;
	snprintf(line, sizeof(line), "sample '%.800s': %s%s", sample, what,
		detail);
	check->problem(check->payload, rule->id, line);
}

/* Why the rule found nothing: the filter's word, or that nothing matched. */
static const char *why_not(struct check *check, uint32_t rule)
{
	const struct ks_subject subject = { .bytes =
						    ks_buf_span(&check->text) };
	struct ks_matches found = { 0 };
	const char *why = "the pattern does not match";

	if (ks_matcher_scan(check->finder.matcher, &subject, &found, NULL) < 0)
		return why;
	for (size_t i = 0; i < found.count; i++) {
		struct ks_verdict verdict;

		if (found.list[i].rule != rule)
			continue;
		ks_filter_judge(&verdict, &check->rules->list[rule],
			subject.bytes, &found.list[i]);
		why = verdict.reject == KS_REJECT_NONE
			      ? "another finding overlaps it and wins"
			      : ks_reject_text(verdict.reject);
	}
	ks_matches_release(&found);
	return why;
}

static bool is_linked(const struct check *check, uint32_t a, uint32_t b)
{
	const struct ks_rule *list = check->rules->list;

	return list[a].near.rule == b || list[b].near.rule == a ||
	       list[a].pairs_with.rule == b || list[b].pairs_with.rule == a;
}

/* Another rule that should have kept quiet, or KS_RULE_NONE. */
static uint32_t find_intruder(const struct check *check, uint32_t rule)
{
	for (size_t i = 0; i < check->finder.accepted_count; i++) {
		uint32_t other = check->finder.accepted[i].match.rule;

		if (other != rule && !is_linked(check, rule, other) &&
			check->rules->list[other].kind <= KS_RULE_TOKEN)
			return other;
	}
	return KS_RULE_NONE;
}

static bool has_found(const struct check *check, uint32_t rule)
{
	for (size_t i = 0; i < check->finder.accepted_count; i++) {
		if (check->finder.accepted[i].match.rule == rule)
			return true;
	}
	return false;
}

/* One sample, drawn once; false if there is a problem, which was told. */
static bool check_draw(struct check *check, uint32_t rule, const char *sample,
	bool is_match, uint64_t seed)
{
	const struct ks_rule *of = &check->rules->list[rule];
	struct ks_subject subject = { .bytes = { NULL, 0 } };
	struct ks_err err = { 0 };
	uint32_t intruder;

	ks_buf_reset(&check->text);
	if (ks_sample_expand(&check->text, sample, seed, &err) < 0) {
		tell(check, of, sample, err.message, "");
		return false;
	}
	subject.bytes = ks_buf_span(&check->text);
	if (ks_finder_look(&check->finder, &subject, &err) < 0) {
		tell(check, of, sample, err.message, "");
		return false;
	}
	if (!is_match) {
		if (!has_found(check, rule))
			return true;
		tell(check, of, sample, "is found, but must not be", "");
		return false;
	}
	intruder = find_intruder(check, rule);
	if (!has_found(check, rule))
		tell(check, of, sample, "is not found: ", why_not(check, rule));
	else if (intruder != KS_RULE_NONE)
		tell(check, of, sample, "is found by another rule too: ",
			check->rules->list[intruder].id);
	else
		return true;
	return false;
}

static void check_samples(struct check *check, uint32_t rule,
	const char *const *samples, uint32_t count, bool is_match)
{
	for (uint32_t i = 0; i < count; i++) {
		bool is_good = true;

		check->counts->samples++;
		for (uint64_t draw = 0; is_good && draw < DRAWS; draw++)
			is_good = check_draw(
				check, rule, samples[i], is_match, draw);
	}
}

static int check_all(struct check *check, bool only_user, struct ks_err *err)
{
	struct ks_patterns *patterns;
	int rc = ks_patterns_new(&patterns, check->rules, NULL, err);

	if (rc < 0)
		return rc;
	rc = ks_finder_init(&check->finder, patterns, false, err);
	for (uint32_t i = 0; rc == KS_OK && i < check->rules->count; i++) {
		const struct ks_rule *rule = &check->rules->list[i];

		/* A built-in rule that one of the files is linked with. */
		if (only_user && !rule->is_user)
			continue;
		check->counts->rules++;
		check->counts->untested += rule->match_count == 0;
		check_samples(check, i, rule->match, rule->match_count, true);
		check_samples(
			check, i, rule->no_match, rule->no_match_count, false);
	}
	ks_finder_release(&check->finder);
	ks_buf_release(&check->text);
	ks_patterns_free(patterns);
	return rc;
}

int ks_rules_check(const char *const *paths, size_t count,
	void (*problem)(void *payload, const char *rule, const char *what),
	void *payload, struct ks_check_counts *counts, struct ks_err *err)
{
	struct check check = {
		.problem = problem, .payload = payload, .counts = counts
	};
	struct ks_rules *rules;
	int rc = count ? ks_rules_load_only(&rules, paths, count, err)
		       : ks_rules_load(&rules, NULL, 0, err);

	*counts = (struct ks_check_counts){ 0 };
	if (rc < 0)
		return rc;
	check.rules = rules;
	rc = check_all(&check, count > 0, err);
	ks_rules_free(rules);
	return rc;
}
