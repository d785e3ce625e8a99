/* SPDX-License-Identifier: Apache-2.0 */
/* Why something in a text is a finding, or is none. */
#include <keysieve/explain.h>

#include "base/buf.h"
#include "filter/filter.h"
#include "filter/redact.h"
#include "match/matcher.h"

#include <string.h>

#define BYTES_MAX ((size_t)1 << 30)

/* What is asked: the bytes [start, end) of a line. */
struct question {
	const struct ks_rules *rules;
	struct ks_span text;
	uint64_t line; /* 0: all */
	size_t start;
	size_t end;
	struct ks_buf redacted;
	void (*tell)(void *payload, const struct ks_explanation *explanation);
	void *payload;
};

/* The bytes of the line, with its end; none if there is no such line. */
static void find_line(struct question *question)
{
	struct ks_span text = question->text;
	size_t at = 0;

	if (question->line == 0) {
		question->end = text.n;
		return;
	}
	for (uint64_t line = 1; at < text.n; line++) {
		const uint8_t *end = memchr(text.p + at, '\n', text.n - at);
		size_t next = end ? (size_t)(end - text.p) + 1 : text.n;

		if (line == question->line) {
			question->start = at;
			question->end = next;
			return;
		}
		at = next;
	}
	question->start = question->end = text.n;
}

/* Line and column of ${offset}, which may be in a line before. */
static void find_place(const struct question *question, size_t offset,
	struct ks_explanation *explanation)
{
	size_t start = question->start;

	explanation->line = question->line;
	if (question->line == 0) {
		explanation->line = 1;
		start = 0;
		for (size_t i = 0; i < offset; i++) {
			if (question->text.p[i] != '\n')
				continue;
			explanation->line++;
			start = i + 1;
		}
	}
	while (start > offset) {
		start--;
		while (start > 0 && question->text.p[start - 1] != '\n')
			start--;
		explanation->line--;
	}
	explanation->column = offset - start + 1;
}

static size_t weigh(struct ks_explanation_weight out[KS_WEIGHTS_MAX],
	const struct ks_rule *rule, struct ks_span text,
	const struct ks_match *match)
{
	struct ks_weight weights[KS_WEIGHTS_MAX];
	size_t count = ks_filter_weigh(weights, rule, text, match);

	for (size_t i = 0; i < count; i++)
		out[i] = (struct ks_explanation_weight){ weights[i].what,
			(double)weights[i].odds };
	return count;
}

static int explain(struct question *question, const struct ks_match *match)
{
	const struct ks_rule *rule = &question->rules->list[match->rule];
	struct ks_explanation explanation = {
		.rule = rule->id,
		.rule_name = rule->name,
		.length = match->secret_end - match->secret_start,
		.least_length = rule->min_length,
		.least_entropy = (double)rule->entropy,
	};
	struct ks_explanation_weight weights[KS_WEIGHTS_MAX];
	struct ks_verdict verdict;

	explanation.weights = weights;
	explanation.weight_count = weigh(weights, rule, question->text, match);
	ks_filter_judge(&verdict, rule, question->text, match);
	ks_buf_reset(&question->redacted);
	if (ks_redact(&question->redacted, rule,
		    ks_span_cut(question->text, match->secret_start,
			    match->secret_end)))
		return KS_E_NOMEM;
	explanation.redacted = ks_buf_str(&question->redacted);
	if (!explanation.redacted)
		return KS_E_NOMEM;
	find_place(question, match->secret_start, &explanation);
	explanation.entropy = (double)verdict.entropy;
	explanation.is_secret = verdict.reject == KS_REJECT_NONE;
	explanation.verdict = ks_reject_text(verdict.reject);
	explanation.confidence = (double)verdict.confidence;
	question->tell(question->payload, &explanation);
	return KS_OK;
}

static int explain_all(struct question *question, struct ks_patterns *patterns,
	struct ks_err *err)
{
	const struct ks_subject subject = { .bytes = question->text };
	struct ks_matcher *matcher = NULL;
	struct ks_matches found = { 0 };
	int rc = ks_matcher_new(&matcher, patterns, false, err);

	if (rc == KS_OK)
		rc = ks_matcher_scan(matcher, &subject, &found, err);
	for (size_t i = 0; rc == KS_OK && i < found.count; i++) {
		const struct ks_match *match = &found.list[i];

		if (match->secret_start >= question->end ||
			match->secret_end <= question->start)
			continue;
		if (explain(question, match) < 0)
			rc = ks_fail_nomem(err);
	}
	ks_matches_release(&found);
	ks_matcher_free(matcher);
	return rc;
}

int ks_explain_line(const struct ks_rules *rules, const void *bytes, size_t n,
	uint64_t line,
	void (*tell)(void *payload, const struct ks_explanation *explanation),
	void *payload, struct ks_err *err)
{
	struct question question = {
		.rules = rules,
		.text = ks_span_of(bytes, n),
		.line = line,
		.tell = tell,
		.payload = payload,
	};
	struct ks_patterns *patterns;
	int rc;

	if (n > BYTES_MAX)
		return ks_fail(err, KS_E_LIMIT,
			"%zu bytes are too many to explain", n);
	rc = ks_patterns_new(&patterns, rules, NULL, err);
	if (rc < 0)
		return rc;
	find_line(&question);
	rc = explain_all(&question, patterns, err);
	ks_buf_release(&question.redacted);
	ks_patterns_free(patterns);
	return rc;
}
