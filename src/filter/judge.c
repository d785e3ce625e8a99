/* SPDX-License-Identifier: Apache-2.0 */
/* Is a match a secret, and how sure is that? */
#include "filter/filter.h"

#include "filter/context.h"
#include "filter/identifier.h"
#include "filter/letters.h"
#include "filter/pem.h"
#include "filter/placeholder.h"
#include "filter/regular.h"
#include "filter/template.h"
#include "filter/words.h"

#include <math.h>

/*
 * A match goes through these checks in this order and is dropped at the
 * first that speaks against it. Cheap ones and those that say most come
 * first; which reason is given where several hold follows from the order.
 *
 *                 block  token  password  generic
 *   LENGTH          x      x       x         x
 *   CHECKSUM        x      x       x         x
 *   TEMPLATE               x       x         x     tokens: substitutions only
 *   PLACEHOLDER            x       x         x
 *   REPEATED               x       x         x
 *   SEQUENCE               x       x         x
 *   ENTROPY         x      x       x         x
 *   IDENTIFIER                     x         x     passwords: variables only
 *
 * What is left gets the rule's confidence, moved by what the line tells. It
 * is moved in log odds, so that evidence adds up and nothing gets certain.
 */

enum evidence {
	CHECKSUM_HOLDS,
	IS_ENCRYPTED,
	IS_HASHED,
	LINE_EXAMPLE,
	LINE_TEST,
	LINE_LOCAL,
	LINE_DENSE,
	NAME_SECRET,
	NAME_PUBLIC,
	NAME_HASH,
	NAME_ID,
	QUOTED_VALUE,
	USER_IS_PASSWORD,
	ONE_CLASS,
	WORDS_ONLY,
	DIGITS_ONLY,
	ALL_CLASSES,
	VARIED,
	UUID_LIKE,
	EVIDENCE_COUNT
};

/* Log odds; 0.7 doubles the odds, 2.3 makes them ten to one. */
static const float weights[EVIDENCE_COUNT] = {
	[CHECKSUM_HOLDS] = 3.0f, /* 32 bits that chance does not hit */
	[IS_ENCRYPTED] = -1.0f,  /* of use only with its passphrase */
	[IS_HASHED] = -1.2f,     /* {SSHA}… and $2a$…: to be guessed only */
	[LINE_EXAMPLE] = -1.5f,  /* fake, mock, example: mostly true */
	[LINE_TEST] = -0.6f,     /* but tests do hold real keys */
	[LINE_LOCAL] = -0.8f,    /* a password for this machine only */
	[LINE_DENSE] = -0.5f,    /* minified code and data: chance hits */
	[NAME_SECRET] = 0.4f,    /* somebody named it so */
	[NAME_PUBLIC] = -1.5f,   /* public keys are no secrets */
	[NAME_HASH] = -1.2f,     /* a digest looks the same */
	[NAME_ID] = -0.8f,       /* so does an id */
	[QUOTED_VALUE] = 0.3f,   /* a literal, not an expression */
	[USER_IS_PASSWORD] = -1.2f, /* app:app, a default of nobody */
	[ONE_CLASS] = -0.8f,        /* only small letters, or only capitals */
	[WORDS_ONLY] = -0.8f,       /* a phrase, more often a name */
	[DIGITS_ONLY] = -1.0f,      /* a number, more often than a secret */
	[ALL_CLASSES] = 0.5f,       /* generators mix, names do not */
	[VARIED] = 0.3f,            /* as random as its length allows */
	[UUID_LIKE] = -1.2f,        /* ids are, few secrets are */
};

enum {
	SHORT_HEX = 36, /* a UUID's length */
	PUBLIC_MAX_PERCENT = 30
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

/* The checks that look at what the secret says; none for blocks. */
static enum ks_reject check_text(const struct judgement *judgement)
{
	const struct ks_rule *rule = judgement->rule;
	const struct ks_shape *shape = &judgement->shape;
	struct ks_span secret = judgement->context.secret;

	if (rule->kind == KS_RULE_BLOCK)
		return KS_REJECT_NONE;
	if (is_open_kind(rule) ? ks_template_is(&judgement->context, shape)
			       : ks_template_has_variable(secret, shape))
		return KS_REJECT_TEMPLATE;
	if (is_open_kind(rule) ? ks_placeholder_is_password(secret, shape)
			       : ks_placeholder_is_token(secret, shape))
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
	const struct ks_context *context = &judgement->context;
	struct ks_span secret = context->secret;
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
	if (rule->kind == KS_RULE_PASSWORD &&
		ks_identifier_is_variable(context, &judgement->shape))
		return KS_REJECT_IDENTIFIER;
	if (rule->kind == KS_RULE_GENERIC &&
		ks_identifier_is(context, &judgement->shape))
		return KS_REJECT_IDENTIFIER;
	return KS_REJECT_NONE;
}

static bool has_checksum(enum ks_checksum checksum)
{
	return checksum == KS_CHECKSUM_GITHUB || checksum == KS_CHECKSUM_NPM ||
	       checksum == KS_CHECKSUM_GITLAB_ROUTABLE ||
	       checksum == KS_CHECKSUM_GRAFANA;
}

/* user:user@ */
static bool is_user_too(const struct ks_context *context)
{
	struct ks_span before = context->before;
	size_t n = context->secret.n;

	return before.n > n + 1 && before.p[before.n - 1] == ':' &&
	       memcmp(before.p + before.n - 1 - n, context->secret.p, n) == 0 &&
	       !ks_class_is_word(before.p[before.n - n - 2]);
}

/* Are both sides full of text without a space: minified, or data? */
static bool is_dense(const struct ks_context *context)
{
	return context->before.n == KS_CONTEXT_REACH &&
	       context->after.n == KS_CONTEXT_REACH &&
	       !memchr(context->before.p, ' ', context->before.n) &&
	       !memchr(context->after.p, ' ', context->after.n);
}

static float weigh_line(const struct judgement *judgement)
{
	const struct ks_context *context = &judgement->context;
	bool is_open = is_open_kind(judgement->rule);
	struct ks_span near = ks_context_near(context);
	unsigned name = ks_words_hints(near);
	unsigned line = name | ks_words_hints(context->after) |
			ks_words_hints(ks_span_of(
				context->before.p, context->before.n - near.n));
	float sum = 0;

	if (line & KS_HINT_EXAMPLE)
		sum += weights[LINE_EXAMPLE];
	if (line & KS_HINT_TEST)
		sum += weights[LINE_TEST];
	if (name & KS_HINT_PUBLIC)
		sum += weights[NAME_PUBLIC];
	/* Rules without a form of their own ask for such a name already. */
	if (!is_open)
		return name & KS_HINT_SECRET ? sum + weights[NAME_SECRET] : sum;
	if ((line & KS_HINT_LOCAL) ||
		memmem(context->after.p, context->after.n, "127.0.0.1", 9))
		sum += weights[LINE_LOCAL];
	if (name & KS_HINT_HASH)
		sum += weights[NAME_HASH];
	if (name & KS_HINT_ID)
		sum += weights[NAME_ID];
	if (context->quote && context->is_assigned)
		sum += weights[QUOTED_VALUE];
	if (is_user_too(context))
		sum += weights[USER_IS_PASSWORD];
	if (is_dense(context))
		sum += weights[LINE_DENSE];
	return sum;
}

/* $2a$…, $argon2id$…, {SSHA}…: a password's hash, as crypt(5) and LDAP. */
static bool is_hash(struct ks_span text)
{
	uint8_t close = text.p[0] == '$' ? '$' : '}';
	size_t i = 1;

	if (text.p[0] != '$' && text.p[0] != '{')
		return false;
	while (i < text.n && (ks_class_is_word(text.p[i]) || text.p[i] == '-' ||
				     text.p[i] == '@'))
		i++;
	return i > 1 && i + 1 < text.n && text.p[i] == close;
}

/* For what has no form of its own: is it like a generated secret? */
static float weigh_shape(const struct judgement *judgement)
{
	const struct ks_shape *shape = &judgement->shape;
	const size_t *counts = shape->counts;
	size_t letters = ks_shape_letters(shape);
	size_t classes = 0;
	struct ks_letters words = ks_letters_of(judgement->context.secret);
	double most = log2(shape->n < 64 ? (double)shape->n : 64);
	float sum = 0;

	for (int i = KS_CLASS_LOWER; i <= KS_CLASS_SYMBOL; i++)
		classes += counts[i] > 0;
	if (letters == 0)
		sum += weights[DIGITS_ONLY];
	else if (classes == 1)
		sum += weights[ONE_CLASS];
	else if (classes >= 3)
		sum += weights[ALL_CLASSES];
	if (letters * 2 > shape->n && ks_letters_are_words(&words))
		sum += weights[WORDS_ONLY];
	if (judgement->verdict->entropy > 0.85 * most && classes > 1)
		sum += weights[VARIED];
	if (judgement->rule->kind == KS_RULE_GENERIC &&
		is_hash(judgement->context.secret))
		sum += weights[IS_HASHED];
	if (shape->n == SHORT_HEX && shape->hex == 32)
		sum += weights[UUID_LIKE];
	return sum;
}

static float confidence_of(const struct judgement *judgement)
{
	const struct ks_rule *rule = judgement->rule;
	float odds = 0;
	float base = rule->confidence;
	float result;

	if (!(base > confidence_min))
		base = confidence_min;
	if (base > confidence_max)
		base = confidence_max;
	if (has_checksum(rule->checksum))
		odds += weights[CHECKSUM_HOLDS];
	if (rule->checksum == KS_CHECKSUM_PEM &&
		ks_pem_kind(judgement->context.secret) == KS_PEM_ENCRYPTED)
		odds += weights[IS_ENCRYPTED];
	odds += weigh_line(judgement);
	if (is_open_kind(rule))
		odds += weigh_shape(judgement);
	result = 1 / (1 + (1 - base) / base * expf(-odds));
	if (rule->is_public && result > PUBLIC_MAX_PERCENT / 100.0f)
		result = PUBLIC_MAX_PERCENT / 100.0f;
	if (result < confidence_min)
		return confidence_min;
	return result > confidence_max ? confidence_max : result;
}

void ks_filter_judge(struct ks_verdict *out, const struct ks_rule *rule,
	struct ks_span subject, const struct ks_match *match)
{
	struct judgement judgement = {
		.rule = rule,
		.context = ks_context_of(
			subject, match->secret_start, match->secret_end),
		.verdict = out,
	};

	if (rule->kind != KS_RULE_BLOCK)
		judgement.shape = ks_shape_of(judgement.context.secret);
	out->entropy = ks_entropy(judgement.context.secret);
	out->reject = check(&judgement);
	out->confidence =
		out->reject == KS_REJECT_NONE ? confidence_of(&judgement) : 0;
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
