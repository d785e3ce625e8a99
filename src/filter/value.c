/* SPDX-License-Identifier: Apache-2.0 */
/* Features of a value. */
#include "filter/measure.h"
#include "filter/identifier.h"
#include "filter/grams.h"
#include "filter/letters.h"
#include "filter/lexicon.h"
#include "filter/placeholder.h"
#include "filter/regular.h"
#include "filter/template.h"
#include "filter/words.h"

#include <math.h>

enum {
	LENGTH_MOST = 400,
	GAIN_MOST = 200
};

static int16_t share(size_t part, size_t whole)
{
	return whole ? (int16_t)(part * 100 / whole) : 0;
}

static void measure_text(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	const struct ks_shape *shape = specimen->shape;
	const size_t *counts = shape->counts;
	struct ks_span text = specimen->context->secret;
	double most = log2(shape->n < 64 ? (double)shape->n + 1 : 64);
	size_t turns = 0;

	for (size_t i = 1; i < text.n; i++)
		turns += ks_class_of(text.p[i]) != ks_class_of(text.p[i - 1]);
	out->of[KS_FEATURE_LENGTH] = ks_measure_clip(text.n, LENGTH_MOST);
	out->of[KS_FEATURE_LOWER] = share(counts[KS_CLASS_LOWER], text.n);
	out->of[KS_FEATURE_UPPER] = share(counts[KS_CLASS_UPPER], text.n);
	out->of[KS_FEATURE_DIGITS] = share(counts[KS_CLASS_DIGIT], text.n);
	out->of[KS_FEATURE_SYMBOLS] = share(counts[KS_CLASS_SYMBOL], text.n);
	out->of[KS_FEATURE_OTHERS] = share(counts[KS_CLASS_OTHER], text.n);
	out->of[KS_FEATURE_SPACES] =
		ks_measure_clip(counts[KS_CLASS_SPACE], 20);
	out->of[KS_FEATURE_HEX] = share(shape->hex, text.n);
	out->of[KS_FEATURE_DISTINCT] = ks_measure_clip(shape->distinct, 100);
	out->of[KS_FEATURE_ENTROPY] = (int16_t)(specimen->entropy * 100);
	out->of[KS_FEATURE_ENTROPY_SHARE] =
		(int16_t)((double)specimen->entropy * 100 / most);
	out->of[KS_FEATURE_LONGEST_RUN] = ks_measure_clip(shape->run, 50);
	out->of[KS_FEATURE_TURNS] = share(turns, text.n);
	out->of[KS_FEATURE_FIRST_CLASS] = (int16_t)ks_class_of(text.p[0]);
	out->of[KS_FEATURE_LAST_CLASS] =
		(int16_t)ks_class_of(text.p[text.n - 1]);
}

static void measure_letters(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	struct ks_letters letters = ks_letters_of(specimen->context->secret);
	int gain = letters.gain;

	if (gain > GAIN_MOST || gain < -GAIN_MOST)
		gain = gain > 0 ? GAIN_MOST : -GAIN_MOST;
	out->of[KS_FEATURE_BIGRAM_GAIN] = (int16_t)gain;
	out->of[KS_FEATURE_BIGRAM_MEAN] =
		letters.pairs ? (int16_t)(gain * 20 / (int)letters.pairs) : 0;
	out->of[KS_FEATURE_PIECES] = ks_measure_clip(letters.pieces, 50);
	out->of[KS_FEATURE_PIECE_LENGTH] =
		letters.pieces
			? ks_measure_clip(
				  letters.letters * 10 / letters.pieces, 200)
			: 0;
}

static void mark_symbols(struct ks_features *out, const struct ks_shape *shape)
{
	static const struct {
		char one;
		char other;
		enum ks_feature feature;
	} marks[] = {
		{ '.', '.', KS_FEATURE_HAS_DOT },
		{ '/', '/', KS_FEATURE_HAS_SLASH },
		{ '_', '_', KS_FEATURE_HAS_UNDERSCORE },
		{ '-', '-', KS_FEATURE_HAS_DASH },
		{ ':', ':', KS_FEATURE_HAS_COLON },
		{ '(', ')', KS_FEATURE_HAS_PARENTHESIS },
		{ '{', '}', KS_FEATURE_HAS_BRACE },
		{ '[', ']', KS_FEATURE_HAS_BRACKET },
		{ '<', '>', KS_FEATURE_HAS_ANGLE },
		{ '$', '$', KS_FEATURE_HAS_DOLLAR },
		{ '%', '%', KS_FEATURE_HAS_PERCENT },
		{ '@', '@', KS_FEATURE_HAS_AT },
		{ '=', '=', KS_FEATURE_HAS_EQUALS },
		{ '\\', '\\', KS_FEATURE_HAS_BACKSLASH },
		{ ',', ';', KS_FEATURE_HAS_COMMA },
		{ '*', '#', KS_FEATURE_HAS_STAR },
		{ '!', '?', KS_FEATURE_HAS_BANG },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		out->of[marks[i].feature] = ks_shape_has(shape, marks[i].one) ||
					    ks_shape_has(shape, marks[i].other);
}

/* Nothing but base 64, of a whole number of groups. */
static bool is_base64(struct ks_span text, const struct ks_shape *shape)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!ks_class_is_letter(text.p[i]) &&
			!ks_class_is_digit(text.p[i]) && text.p[i] != '+' &&
			text.p[i] != '/' &&
			!(text.p[i] == '=' && i + 2 >= text.n))
			return false;
	}
	return text.n % 4 == 0 && text.n >= 8 && shape->distinct > 5;
}

static void ask_checks(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	const struct ks_context *context = specimen->context;
	const struct ks_shape *shape = specimen->shape;
	struct ks_span text = context->secret;

	out->of[KS_FEATURE_IS_UUID] = shape->n == 36 && shape->hex == 32;
	out->of[KS_FEATURE_IS_BASE64] = is_base64(text, shape);
	out->of[KS_FEATURE_IS_TEMPLATE] = ks_template_is(context, shape);
	out->of[KS_FEATURE_IS_NONE] = ks_words_are_none(text);
	out->of[KS_FEATURE_IS_FILLER] = ks_words_are_filler(text);
	out->of[KS_FEATURE_HAS_MARKER] = ks_words_have_marker(text);
	out->of[KS_FEATURE_IS_MASKED] = ks_placeholder_is_masked(text, shape);
	out->of[KS_FEATURE_IS_REPEATED] = ks_regular_is_repeated(text, shape);
	out->of[KS_FEATURE_IS_SEQUENCE] = ks_regular_is_sequence(text);
	out->of[KS_FEATURE_IS_IDENTIFIER] = ks_identifier_is(context, shape);
	out->of[KS_FEATURE_IS_VARIABLE] =
		ks_identifier_is_variable(context, shape);
	out->of[KS_FEATURE_IS_COMMON] = ks_lexicon_is_common(text);
}

static void look_at_words(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	struct ks_span text = specimen->context->secret;
	struct ks_span piece = { NULL, 0 };
	size_t at = 0;
	size_t end;

	if (text.n > 64)
		return;
	out->of[KS_FEATURE_VALUE_KEYWORDS] =
		(int16_t)(ks_lexicon_keywords(text, &end) & 0x3ff);
	out->of[KS_FEATURE_VALUE_HINTS] = (int16_t)ks_words_hints(text);
	while (ks_letters_next(text, &at, &piece))
		;
	out->of[KS_FEATURE_VALUE_LAST_WORD] = (int16_t)ks_lexicon_topic(piece);
}

void ks_value_features(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	out->of[KS_FEATURE_RULE_KIND] = (int16_t)specimen->rule->kind;
	out->of[KS_FEATURE_RULE_PRIOR] =
		(int16_t)(specimen->rule->confidence * 100);
	measure_text(out, specimen);
	measure_letters(out, specimen);
	out->of[KS_FEATURE_VALUE_GRAMS] =
		ks_grams_score(ks_grams_value, specimen->context->secret);
	mark_symbols(out, specimen->shape);
	ask_checks(out, specimen);
	look_at_words(out, specimen);
}
