/* SPDX-License-Identifier: Apache-2.0 */
/* Features of the line and of the text around a value. */
#include "filter/measure.h"
#include "filter/letters.h"
#include "filter/lexicon.h"
#include "filter/words.h"

/* What a byte beside the value is; ordered from end of line to word. */
static int16_t mark_of(struct ks_span text, size_t at)
{
	static const char marks[] = " \t\"'`;,)]}(:.=<>&|#*/@-+\\";
	const char *found;

	if (at >= text.n)
		return 0;
	found = text.p[at] ? strchr(marks, text.p[at]) : NULL;
	return found ? (int16_t)(found - marks + 1)
		     : (int16_t)(sizeof(marks) + ks_class_of(text.p[at]));
}

static void look_beside(
	struct ks_features *out, const struct ks_context *context)
{
	struct ks_span after = context->after;
	size_t at = 0;

	out->of[KS_FEATURE_QUOTE] = context->quote == '"'    ? 1
				    : context->quote == '\'' ? 2
				    : context->quote == '`'  ? 3
							     : 0;
	out->of[KS_FEATURE_NEXT] = mark_of(after, 0);
	while (at < after.n && strchr("\"'`\\ ", after.p[at]) && after.p[at])
		at++;
	out->of[KS_FEATURE_AFTER_NEXT] = mark_of(after, at);
}

static const struct {
	char byte;
	uint8_t line; /* features; 0: not counted there */
	uint8_t near;
} tallies[] = {
	{ '(', KS_FEATURE_LINE_PARENTHESES, KS_FEATURE_NEAR_PARENTHESES },
	{ '{', KS_FEATURE_LINE_BRACES, KS_FEATURE_NEAR_BRACES },
	{ '=', KS_FEATURE_LINE_EQUALS, KS_FEATURE_NEAR_EQUALS },
	{ ':', KS_FEATURE_LINE_COLONS, KS_FEATURE_NEAR_COLONS },
	{ '"', KS_FEATURE_LINE_QUOTES, KS_FEATURE_NEAR_QUOTES },
	{ '\'', KS_FEATURE_LINE_QUOTES, KS_FEATURE_NEAR_QUOTES },
	{ '|', KS_FEATURE_LINE_BARS, 0 },
	{ '<', KS_FEATURE_LINE_ANGLES, KS_FEATURE_NEAR_ANGLES },
	{ '$', KS_FEATURE_LINE_DOLLARS, 0 },
	{ ',', KS_FEATURE_LINE_COMMAS, 0 },
	{ '\\', KS_FEATURE_LINE_BACKSLASHES, 0 },
	{ ';', 0, KS_FEATURE_NEAR_SEMICOLONS },
	{ '#', 0, KS_FEATURE_NEAR_HASHES },
	{ '\n', 0, KS_FEATURE_NEAR_LINES },
	{ ' ', 0, KS_FEATURE_NEAR_SPACES },
};

static void count_bytes(
	struct ks_features *out, struct ks_span text, bool is_line)
{
	uint16_t counts[256] = { 0 };

	for (size_t i = 0; i < text.n; i++)
		counts[text.p[i]]++;
	for (size_t i = 0; i < sizeof(tallies) / sizeof(tallies[0]); i++) {
		int feature = is_line ? tallies[i].line : tallies[i].near;

		if (feature)
			out->of[feature] =
				(int16_t)(out->of[feature] +
					  counts[(unsigned char)tallies[i]
							  .byte]);
	}
	if (is_line)
		return;
	for (int i = '0'; i <= '9'; i++)
		out->of[KS_FEATURE_NEAR_DIGITS] =
			(int16_t)(out->of[KS_FEATURE_NEAR_DIGITS] + counts[i]);
	for (int i = 'A'; i <= 'Z'; i++)
		out->of[KS_FEATURE_NEAR_UPPER] =
			(int16_t)(out->of[KS_FEATURE_NEAR_UPPER] + counts[i]);
}

/* The topics of the words of ${text}, one bit each, and how many there are. */
static uint32_t topics_of(struct ks_span text, size_t *words, size_t *secrets)
{
	uint32_t found = 0;
	struct ks_span piece;
	size_t at = 0;

	while (ks_letters_next(text, &at, &piece)) {
		enum ks_topic topic;

		(*words)++;
		if (piece.n < 2)
			continue;
		topic = ks_lexicon_topic(piece);
		found |= UINT32_C(1) << topic;
		*secrets += topic == KS_TOPIC_SECRET;
	}
	return found;
}

static bool has(uint32_t topics, enum ks_topic topic)
{
	return topics >> topic & 1;
}

static void look_at_start(struct ks_features *out, struct ks_span before)
{
	struct ks_span piece = { NULL, 0 };
	size_t indent = 0;
	size_t at;

	while (indent < before.n &&
		(before.p[indent] == ' ' || before.p[indent] == '\t'))
		indent++;
	at = indent;
	out->of[KS_FEATURE_LINE_INDENT] = ks_measure_clip(indent, 40);
	out->of[KS_FEATURE_LINE_START] = mark_of(before, indent);
	if (ks_letters_next(before, &at, &piece))
		out->of[KS_FEATURE_LINE_FIRST_WORD] =
			(int16_t)ks_lexicon_topic(piece);
}

static void look_at_line(
	struct ks_features *out, const struct ks_context *context)
{
	struct ks_span after = context->after;
	size_t words = 0;
	size_t secrets = 0;
	uint32_t topics = topics_of(context->before, &words, &secrets) |
			  topics_of(after, &words, &secrets);

	while (after.n > 0 &&
		(after.p[after.n - 1] == ' ' || after.p[after.n - 1] == '\t'))
		after.n--;
	out->of[KS_FEATURE_LINE_BEFORE] =
		ks_measure_clip(context->before.n, 256);
	out->of[KS_FEATURE_LINE_AFTER] = ks_measure_clip(context->after.n, 256);
	out->of[KS_FEATURE_LINE_END] =
		after.n ? mark_of(after, after.n - 1) : 0;
	out->of[KS_FEATURE_LINE_WORDS] = ks_measure_clip(words, 60);
	out->of[KS_FEATURE_LINE_HINTS_BEFORE] =
		(int16_t)ks_words_hints(context->before);
	out->of[KS_FEATURE_LINE_HINTS_AFTER] =
		(int16_t)ks_words_hints(context->after);
	out->of[KS_FEATURE_LINE_HAS_USER] = has(topics, KS_TOPIC_USER);
	out->of[KS_FEATURE_LINE_HAS_URL] = has(topics, KS_TOPIC_PLACE);
	out->of[KS_FEATURE_LINE_HAS_ASSERT] = has(topics, KS_TOPIC_TEST);
	out->of[KS_FEATURE_LINE_HAS_LOG] = has(topics, KS_TOPIC_LOG);
	count_bytes(out, context->before, true);
	count_bytes(out, context->after, true);
}

/* How often ${text} is in ${where}. */
static size_t occurrences(struct ks_span where, struct ks_span text)
{
	size_t count = 0;
	const uint8_t *end = where.p + where.n;
	const uint8_t *at = where.p;

	while (at < end &&
		(at = memmem(at, (size_t)(end - at), text.p, text.n)) != NULL) {
		count++;
		at += text.n;
	}
	return count;
}

static void look_around(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	const struct ks_context *context = specimen->context;
	struct ks_span window = specimen->window;
	const uint8_t *secret = context->secret.p;
	struct ks_span left = ks_span_of(window.p, (size_t)(secret - window.p));
	struct ks_span right = ks_span_of(secret + context->secret.n,
		window.n - left.n - context->secret.n);
	size_t words = 0;
	size_t secrets = 0;
	uint32_t topics = topics_of(left, &words, &secrets) |
			  topics_of(right, &words, &secrets);

	out->of[KS_FEATURE_NEAR_USER] = has(topics, KS_TOPIC_USER);
	out->of[KS_FEATURE_NEAR_HOST] = has(topics, KS_TOPIC_PLACE);
	out->of[KS_FEATURE_NEAR_TEST] = has(topics, KS_TOPIC_TEST);
	out->of[KS_FEATURE_NEAR_EXAMPLE] = has(topics, KS_TOPIC_EXAMPLE);
	out->of[KS_FEATURE_NEAR_SECRETS] = ks_measure_clip(secrets, 20);
	out->of[KS_FEATURE_NEAR_VALUE] =
		ks_measure_clip(occurrences(left, context->secret) +
					occurrences(right, context->secret),
			10);
	count_bytes(out, left, false);
	count_bytes(out, right, false);
}

void ks_nearby_features(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	look_beside(out, specimen->context);
	look_at_start(out, specimen->context->before);
	look_at_line(out, specimen->context);
	look_around(out, specimen);
}
