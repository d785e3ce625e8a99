/* SPDX-License-Identifier: Apache-2.0 */
/* What the model is told about a candidate: one number a feature. */
#ifndef KS_FILTER_MEASURE_H
#define KS_FILTER_MEASURE_H

#include "filter/context.h"
#include "filter/shape.h"
#include "rules/rule.h"

/*
 * Each is a small whole number; those called IS and HAS are 0 or 1, shares
 * are in percent. The trainer knows them by these names, in this order.
 */
#define KS_FEATURES(X)                                                         \
	/* The rule */                                                         \
	X(RULE_KIND)                                                           \
	X(RULE_PRIOR)                                                          \
	/* The value */                                                        \
	X(LENGTH)                                                              \
	X(LOWER)                                                               \
	X(UPPER)                                                               \
	X(DIGITS)                                                              \
	X(SYMBOLS)                                                             \
	X(OTHERS)                                                              \
	X(SPACES)                                                              \
	X(HEX)                                                                 \
	X(DISTINCT)                                                            \
	X(ENTROPY)                                                             \
	X(ENTROPY_SHARE)                                                       \
	X(LONGEST_RUN)                                                         \
	X(TURNS)                                                               \
	X(BIGRAM_GAIN)                                                         \
	X(BIGRAM_MEAN)                                                         \
	X(PIECES)                                                              \
	X(PIECE_LENGTH)                                                        \
	X(FIRST_CLASS)                                                         \
	X(LAST_CLASS)                                                          \
	X(HAS_DOT)                                                             \
	X(HAS_SLASH)                                                           \
	X(HAS_UNDERSCORE)                                                      \
	X(HAS_DASH)                                                            \
	X(HAS_COLON)                                                           \
	X(HAS_PARENTHESIS)                                                     \
	X(HAS_BRACE)                                                           \
	X(HAS_BRACKET)                                                         \
	X(HAS_ANGLE)                                                           \
	X(HAS_DOLLAR)                                                          \
	X(HAS_PERCENT)                                                         \
	X(HAS_AT)                                                              \
	X(HAS_EQUALS)                                                          \
	X(HAS_BACKSLASH)                                                       \
	X(HAS_COMMA)                                                           \
	X(HAS_STAR)                                                            \
	X(HAS_BANG)                                                            \
	X(IS_UUID)                                                             \
	X(IS_BASE64)                                                           \
	X(IS_TEMPLATE)                                                         \
	X(IS_NONE)                                                             \
	X(IS_FILLER)                                                           \
	X(HAS_MARKER)                                                          \
	X(IS_MASKED)                                                           \
	X(IS_REPEATED)                                                         \
	X(IS_SEQUENCE)                                                         \
	X(IS_IDENTIFIER)                                                       \
	X(IS_VARIABLE)                                                         \
	X(IS_COMMON)                                                           \
	X(VALUE_KEYWORDS)                                                      \
	X(VALUE_HINTS)                                                         \
	X(VALUE_GRAMS)                                                         \
	X(VALUE_LAST_WORD)                                                     \
	/* Its name */                                                         \
	X(NAME_LENGTH)                                                         \
	X(NAME_PIECES)                                                         \
	X(NAME_PASS)                                                           \
	X(NAME_SECRET)                                                         \
	X(NAME_TOKEN)                                                          \
	X(NAME_KEY)                                                            \
	X(NAME_AUTH)                                                           \
	X(NAME_CREDENTIAL)                                                     \
	X(NAME_API)                                                            \
	X(NAME_SALT)                                                           \
	X(NAME_NONCE)                                                          \
	X(NAME_SIGNATURE)                                                      \
	X(NAME_ACCESS)                                                         \
	X(NAME_PUBLIC)                                                         \
	X(NAME_ID)                                                             \
	X(NAME_HASH)                                                           \
	X(NAME_ENCRYPTED)                                                      \
	X(NAME_USER)                                                           \
	X(NAME_TEST)                                                           \
	X(NAME_HAS_TEXT)                                                       \
	X(NAME_HAS_SWITCH)                                                     \
	X(NAME_HAS_VERB)                                                       \
	X(NAME_HAS_FIELD)                                                      \
	X(NAME_FIRST_WORD)                                                     \
	X(NAME_LAST_WORD)                                                      \
	X(NAME_AFTER)                                                          \
	X(NAME_IS_UPPER)                                                       \
	X(NAME_IS_MIXED)                                                       \
	X(NAME_HAS_DOT)                                                        \
	X(NAME_IS_VALUE)                                                       \
	X(NAME_IN_VALUE)                                                       \
	X(VALUE_IN_NAME)                                                       \
	/* How it is assigned */                                               \
	X(SIGN)                                                                \
	X(GAP)                                                                 \
	X(QUOTE)                                                               \
	X(IS_ESCAPED)                                                          \
	X(IS_CALL)                                                             \
	X(IS_TYPED)                                                            \
	X(NAME_IS_QUOTED)                                                      \
	X(NEXT)                                                                \
	X(AFTER_NEXT)                                                          \
	/* Its line */                                                         \
	X(LINE_BEFORE)                                                         \
	X(LINE_AFTER)                                                          \
	X(LINE_INDENT)                                                         \
	X(LINE_START)                                                          \
	X(LINE_FIRST_WORD)                                                     \
	X(LINE_END)                                                            \
	X(LINE_WORDS)                                                          \
	X(LINE_PARENTHESES)                                                    \
	X(LINE_BRACES)                                                         \
	X(LINE_EQUALS)                                                         \
	X(LINE_COLONS)                                                         \
	X(LINE_QUOTES)                                                         \
	X(LINE_BARS)                                                           \
	X(LINE_ANGLES)                                                         \
	X(LINE_DOLLARS)                                                        \
	X(LINE_COMMAS)                                                         \
	X(LINE_BACKSLASHES)                                                    \
	X(LINE_HINTS_BEFORE)                                                   \
	X(LINE_HINTS_AFTER)                                                    \
	X(LINE_HAS_USER)                                                       \
	X(LINE_HAS_URL)                                                        \
	X(LINE_HAS_ASSERT)                                                     \
	X(LINE_HAS_LOG)                                                        \
	/* 256 bytes each way */                                               \
	X(NEAR_USER)                                                           \
	X(NEAR_HOST)                                                           \
	X(NEAR_TEST)                                                           \
	X(NEAR_EXAMPLE)                                                        \
	X(NEAR_SECRETS)                                                        \
	X(NEAR_VALUE)                                                          \
	X(NEAR_SEMICOLONS)                                                     \
	X(NEAR_BRACES)                                                         \
	X(NEAR_PARENTHESES)                                                    \
	X(NEAR_COLONS)                                                         \
	X(NEAR_EQUALS)                                                         \
	X(NEAR_QUOTES)                                                         \
	X(NEAR_ANGLES)                                                         \
	X(NEAR_HASHES)                                                         \
	X(NEAR_DIGITS)                                                         \
	X(NEAR_LINES)                                                          \
	X(NEAR_SPACES)                                                         \
	X(NEAR_UPPER)

enum ks_feature {
#define X(name) KS_FEATURE_##name,
	KS_FEATURES(X)
#undef X
	KS_FEATURE_COUNT
};

struct ks_features {
	int16_t of[KS_FEATURE_COUNT];
};

/* What a value, a name and the text around them add up to. */
struct ks_specimen {
	const struct ks_rule *rule;
	const struct ks_context *context;
	const struct ks_shape *shape;
	struct ks_span window; /* KS_CONTEXT_REACH bytes each way */
	float entropy;
};

/* Measure ${specimen}. Looks at the window and at nothing else. */
void ks_measure_features(
	struct ks_features *out, const struct ks_specimen *specimen);

/* The parts of it, one a file: value.c, naming.c, nearby.c. */
void ks_value_features(
	struct ks_features *out, const struct ks_specimen *specimen);
void ks_naming_features(
	struct ks_features *out, const struct ks_specimen *specimen);
void ks_nearby_features(
	struct ks_features *out, const struct ks_specimen *specimen);

/* ${value}, at most ${most}. */
static inline int16_t ks_measure_clip(size_t value, int16_t most)
{
	return value > (size_t)most ? most : (int16_t)value;
}

#endif
