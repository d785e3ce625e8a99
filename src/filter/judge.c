/* SPDX-License-Identifier: Apache-2.0 */
/* Is a match a secret, and how sure is that? */
#include "filter/filter.h"

#include "filter/context.h"
#include "filter/identifier.h"
#include "filter/letters.h"
#include "filter/measure.h"
#include "filter/model.h"
#include "filter/pem.h"
#include "filter/placeholder.h"
#include "filter/public.h"
#include "filter/regular.h"
#include "filter/template.h"
#include "filter/words.h"

#include <math.h>
#include <stdlib.h>

/*
 * A match goes through these checks in this order and is dropped at the
 * first that speaks against it. Cheap ones and those that say most come
 * first; which reason is given where several hold follows from the order.
 *
 *                 block  token  password, generic
 *   LENGTH          x      x       x
 *   CHECKSUM        x      x       x
 *   TEMPLATE               x       x     tokens: substitutions only
 *   PLACEHOLDER            x       x     without a form: only ***, xxxx, …
 *   REPEATED               x
 *   SEQUENCE               x
 *   IDENTIFIER                     x     only variables, dates, digests
 *   ENTROPY         x      x       x
 *   the model                      x     UNLIKELY, or what of the above it is
 *
 * What has a form of its own gets the rule's confidence, moved by what the
 * line tells. It is moved in log odds, so that evidence adds up and nothing
 * gets certain. What has none, a password or a value that only its name gives
 * away, gets the model's.
 */

enum evidence {
	LINE_EXAMPLE,
	LINE_TEST,
	NAME_PUBLIC,
	NAME_SECRET,
	CHECKSUM_HOLDS,
	IS_ENCRYPTED,
	EVIDENCE_COUNT
};

/* Log odds; 0.7 doubles the odds, 2.3 makes them ten to one. */
static const struct ks_weight weights[EVIDENCE_COUNT] = {
	/* fake, mock, example: mostly true */
	[LINE_EXAMPLE] = { "its line speaks of an example", -1.5f },
	/* but tests do hold real keys */
	[LINE_TEST] = { "its line speaks of a test", -0.6f },
	/* public keys are no secrets */
	[NAME_PUBLIC] = { "its name says public", -1.5f },
	/* somebody named it so */
	[NAME_SECRET] = { "its name says secret", 0.4f },
	/* 32 bits that chance does not hit */
	[CHECKSUM_HOLDS] = { "its checksum holds", 3.0f },
	/* of use only with its passphrase */
	[IS_ENCRYPTED] = { "it is encrypted", -1.0f },
};

enum {
	PUBLIC_MAX_PERCENT = 30,
	UNLIKELY_PERCENT = 10 /* less is not worth a look */
};

static const float confidence_min = 0.01f;
static const float confidence_max = 0.99f;

struct judgement {
	const struct ks_rule *rule;
	struct ks_context context;
	struct ks_shape shape;
	struct ks_verdict *verdict;
};

static bool is_open_kind(const struct ks_rule *rule)
{
	return rule->kind == KS_RULE_PASSWORD || rule->kind == KS_RULE_GENERIC;
}

/* What is no value at all: the model is not asked. */
static enum ks_reject check_open(const struct judgement *judgement)
{
	const struct ks_context *context = &judgement->context;
	const struct ks_shape *shape = &judgement->shape;

	if (ks_template_is(context, shape))
		return KS_REJECT_TEMPLATE;
	if (ks_placeholder_is_masked(context->secret, shape))
		return KS_REJECT_PLACEHOLDER;
	if (ks_identifier_is_variable(context, shape) ||
		ks_identifier_is_digest(context, shape) ||
		ks_identifier_is_date(context->secret, shape))
		return KS_REJECT_IDENTIFIER;
	if (ks_public_is_variable(context))
		return KS_REJECT_TEMPLATE;
	if (ks_public_is(context->secret) ||
		ks_letters_are_foreign(context->secret))
		return KS_REJECT_UNLIKELY;
	return KS_REJECT_NONE;
}

/* The checks that look at what the secret says; none for blocks. */
static enum ks_reject check_text(const struct judgement *judgement)
{
	const struct ks_rule *rule = judgement->rule;
	const struct ks_shape *shape = &judgement->shape;
	struct ks_span secret = judgement->context.secret;

	if (rule->kind == KS_RULE_BLOCK)
		return KS_REJECT_NONE;
	if (is_open_kind(rule))
		return check_open(judgement);
	if (ks_template_has_variable(secret, shape))
		return KS_REJECT_TEMPLATE;
	if (ks_placeholder_is_token(secret, shape))
		return KS_REJECT_PLACEHOLDER;
	if (ks_regular_is_repeated(secret, shape))
		return KS_REJECT_REPEATED;
	if (ks_regular_is_sequence(secret))
		return KS_REJECT_SEQUENCE;
	return KS_REJECT_NONE;
}

static enum ks_reject check(const struct judgement *judgement)
{
	const struct ks_rule *rule = judgement->rule;
	struct ks_span secret = judgement->context.secret;
	enum ks_reject reject;

	if (secret.n == 0 || secret.n < rule->min_length)
		return KS_REJECT_LENGTH;
	if (!ks_checksum_ok(rule->checksum, secret))
		return KS_REJECT_CHECKSUM;
	reject = check_text(judgement);
	if (reject != KS_REJECT_NONE)
		return reject;
	if (judgement->verdict->entropy < rule->entropy)
		return KS_REJECT_ENTROPY;
	return KS_REJECT_NONE;
}

/* In a word, why the model thinks so little of it. */
static enum ks_reject reason_of(const struct ks_features *features)
{
	const int16_t *of = features->of;

	if (of[KS_FEATURE_IS_NONE])
		return KS_REJECT_TEMPLATE;
	if (of[KS_FEATURE_IS_MASKED] || of[KS_FEATURE_IS_FILLER] ||
		of[KS_FEATURE_HAS_MARKER])
		return KS_REJECT_PLACEHOLDER;
	if (of[KS_FEATURE_IS_REPEATED])
		return KS_REJECT_REPEATED;
	if (of[KS_FEATURE_IS_SEQUENCE])
		return KS_REJECT_SEQUENCE;
	if (of[KS_FEATURE_IS_IDENTIFIER] || of[KS_FEATURE_IS_VARIABLE])
		return KS_REJECT_IDENTIFIER;
	return KS_REJECT_UNLIKELY;
}

static bool has_checksum(enum ks_checksum checksum)
{
	return checksum == KS_CHECKSUM_GITHUB || checksum == KS_CHECKSUM_NPM ||
	       checksum == KS_CHECKSUM_GITLAB_ROUTABLE ||
	       checksum == KS_CHECKSUM_GRAFANA;
}

/* What moves the confidence of a form: a bit of enum evidence each. */
static unsigned evidence_of(const struct judgement *judgement)
{
	const struct ks_rule *rule = judgement->rule;
	const struct ks_context *context = &judgement->context;
	struct ks_span near = ks_context_near(context);
	unsigned name = ks_words_hints(near);
	unsigned line = name | ks_words_hints(context->after) |
			ks_words_hints(ks_span_of(
				context->before.p, context->before.n - near.n));
	bool is_encrypted = rule->checksum == KS_CHECKSUM_PEM &&
			    ks_pem_kind(context->secret) == KS_PEM_ENCRYPTED;

	return (line & KS_HINT_EXAMPLE ? 1u << LINE_EXAMPLE : 0) |
	       (line & KS_HINT_TEST ? 1u << LINE_TEST : 0) |
	       (name & KS_HINT_PUBLIC ? 1u << NAME_PUBLIC : 0) |
	       (name & KS_HINT_SECRET ? 1u << NAME_SECRET : 0) |
	       (has_checksum(rule->checksum) ? 1u << CHECKSUM_HOLDS : 0) |
	       (is_encrypted ? 1u << IS_ENCRYPTED : 0);
}

static float confidence_of_form(const struct judgement *judgement)
{
	unsigned evidence = evidence_of(judgement);
	float base = judgement->rule->confidence;
	float odds = 0;

	if (!(base > confidence_min))
		base = confidence_min;
	if (base > confidence_max)
		base = confidence_max;
	for (int i = 0; i < EVIDENCE_COUNT; i++) {
		if (evidence >> i & 1)
			odds += weights[i].odds;
	}
	return 1 / (1 + (1 - base) / base * expf(-odds));
}

static void measure(struct ks_features *out, const struct judgement *judgement,
	struct ks_span subject, const struct ks_match *match)
{
	const struct ks_specimen specimen = {
		.rule = judgement->rule,
		.context = &judgement->context,
		.shape = &judgement->shape,
		.window = ks_context_window(
			subject, match->secret_start, match->secret_end),
		.entropy = judgement->verdict->entropy,
	};

	ks_measure_features(out, &specimen);
}

/* Does its name say that it is no secret as it stands? */
static bool is_named_open(const struct ks_features *features)
{
	const int16_t *of = features->of;

	return of[KS_FEATURE_NAME_PUBLIC] || of[KS_FEATURE_NAME_ENCRYPTED] ||
	       of[KS_FEATURE_NAME_HASH] || of[KS_FEATURE_NAME_HAS_TEXT];
}

/* What the rule or the name says bounds what anything else does. */
static float bounded(
	const struct ks_rule *rule, bool is_named_open, float confidence)
{
	if ((rule->is_public || is_named_open) &&
		confidence > PUBLIC_MAX_PERCENT / 100.0f)
		confidence = PUBLIC_MAX_PERCENT / 100.0f;
	if (confidence < confidence_min)
		return confidence_min;
	return confidence > confidence_max ? confidence_max : confidence;
}

static struct judgement begin(struct ks_verdict *verdict,
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match)
{
	struct judgement judgement = {
		.rule = rule,
		.context = ks_context_of(
			subject, match->secret_start, match->secret_end),
		.verdict = verdict,
	};

	if (rule->kind != KS_RULE_BLOCK)
		judgement.shape = ks_shape_of(judgement.context.secret);
	verdict->entropy = ks_entropy(judgement.context.secret);
	return judgement;
}

void ks_filter_judge(struct ks_verdict *out, const struct ks_rule *rule,
	struct ks_span subject, const struct ks_match *match)
{
	struct judgement judgement = begin(out, rule, subject, match);
	struct ks_features features;
	bool is_open = false;
	float confidence;

	out->confidence = 0;
	out->reject = check(&judgement);
	if (out->reject != KS_REJECT_NONE)
		return;
	if (is_open_kind(rule)) {
		measure(&features, &judgement, subject, match);
		confidence = ks_model_confidence(&features);
		if (confidence < UNLIKELY_PERCENT / 100.0f) {
			out->reject = reason_of(&features);
			return;
		}
		is_open = is_named_open(&features);
	} else {
		confidence = confidence_of_form(&judgement);
	}
	out->confidence = bounded(rule, is_open, confidence);
}

static int by_odds(const void *a, const void *b)
{
	float left = fabsf(((const struct ks_weight *)a)->odds);
	float right = fabsf(((const struct ks_weight *)b)->odds);

	return (left < right) - (left > right);
}

size_t ks_filter_weigh(struct ks_weight list[KS_WEIGHTS_MAX],
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match)
{
	struct ks_verdict verdict;
	struct judgement judgement = begin(&verdict, rule, subject, match);
	struct ks_features features;
	unsigned evidence;
	size_t count = 0;

	if (check(&judgement) != KS_REJECT_NONE)
		return 0;
	if (is_open_kind(rule)) {
		measure(&features, &judgement, subject, match);
		count = ks_model_weigh(list, &features);
	} else {
		evidence = evidence_of(&judgement);
		for (int i = 0; i < EVIDENCE_COUNT; i++) {
			if (evidence >> i & 1)
				list[count++] = weights[i];
		}
	}
	qsort(list, count, sizeof(*list), by_odds);
	return count;
}

enum ks_reject ks_filter_measure(struct ks_features *out,
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match)
{
	struct ks_verdict verdict;
	struct judgement judgement = begin(&verdict, rule, subject, match);

	*out = (struct ks_features){ { 0 } };
	if (is_open_kind(rule))
		measure(out, &judgement, subject, match);
	return check(&judgement);
}

const char *ks_reject_text(enum ks_reject reject)
{
	static const char *const texts[] = {
#define X(name, text) [KS_REJECT_##name] = text,
		KS_REJECTS(X)
#undef X
	};

	return (unsigned)reject < KS_REJECT_COUNT ? texts[reject] : "";
}
