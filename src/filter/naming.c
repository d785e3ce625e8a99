/* SPDX-License-Identifier: Apache-2.0 */
/* Features of a value's name and of how it is assigned. */
#include "filter/measure.h"
#include "filter/letters.h"
#include "filter/lexicon.h"

enum {
	NAME_MOST = 64 /* bytes */
};

/* How a value is bound to its name. */
enum sign {
	SIGN_NONE,
	SIGN_EQUALS,
	SIGN_COLON,
	SIGN_ARROW,   /* => */
	SIGN_DECLARE, /* := */
	SIGN_COMPARE, /* == != === */
	SIGN_CALL,    /* ( */
	SIGN_COMMA,
	SIGN_SPACE,
	SIGN_ANGLE /* <name>value</name> */
};

struct naming {
	struct ks_span name;
	enum sign sign;
	size_t gap; /* bytes from the name to the value */
	bool is_escaped;
	bool is_call;
	bool is_typed;
	bool is_quoted;
};

static bool is_quote(uint8_t byte)
{
	return byte == '"' || byte == '\'' || byte == '`';
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_name_byte(uint8_t byte)
{
	return ks_class_is_word(byte) || byte == '.' || byte == '-';
}

static size_t skip_back(
	struct ks_span text, size_t n, bool (*is_skipped)(uint8_t))
{
	while (n > 0 && is_skipped(text.p[n - 1]))
		n--;
	return n;
}

/* Behind the sign that ends at ${n}: which one, and where it begins. */
static enum sign read_sign(struct ks_span text, size_t *n)
{
	uint8_t last = *n > 0 ? text.p[*n - 1] : 0;
	uint8_t before = *n > 1 ? text.p[*n - 2] : 0;
	enum sign sign = SIGN_SPACE;

	switch (last) {
	case '=':
		sign = before == ':' ? SIGN_DECLARE : SIGN_EQUALS;
		if (before == '=' || before == '!')
			sign = SIGN_COMPARE;
		break;
	case ':':
		sign = SIGN_COLON;
		break;
	case '>':
		sign = before == '=' || before == '-' ? SIGN_ARROW : SIGN_ANGLE;
		break;
	case '(':
		sign = SIGN_CALL;
		break;
	case ',':
		sign = SIGN_COMMA;
		break;
	default:
		return *n > 0 ? SIGN_SPACE : SIGN_NONE;
	}
	while (*n > 0 && strchr("=:!>(,+?", text.p[*n - 1]) && text.p[*n - 1])
		(*n)--;
	return sign;
}

static bool is_closer(uint8_t byte)
{
	return is_quote(byte) || byte == ']' || byte == ')' || byte == '\\';
}

/* f(g("…")): behind the calls that wrap the value. */
static size_t skip_calls(struct naming *naming, struct ks_span text, size_t n)
{
	for (int depth = 0; depth < 3; depth++) {
		size_t inner = skip_back(text, n, is_blank);
		size_t start;

		if (inner == 0 || !strchr("([{", text.p[inner - 1]) ||
			!text.p[inner - 1])
			break;
		start = skip_back(text, inner - 1, is_name_byte);
		start = skip_back(text, start, is_blank);
		/* setPassword("…"): the call is the name itself. */
		if (start == 0 || !strchr("=:>,([{", text.p[start - 1]) ||
			!text.p[start - 1])
			break;
		naming->is_call = true;
		n = start;
	}
	return n;
}

static void read_name(struct naming *naming, struct ks_span text, size_t n)
{
	size_t end = skip_back(text, skip_back(text, n, is_blank), is_closer);
	size_t start = skip_back(text, end, is_name_byte);

	naming->is_quoted = end < n && is_closer(text.p[end]);
	/* "$name" = value: a shell asks. */
	if (naming->sign == SIGN_EQUALS && naming->is_quoted && start > 0 &&
		(text.p[start - 1] == '$' || text.p[start - 1] == '{'))
		naming->sign = SIGN_COMPARE;
	/* name: type = value */
	if (naming->sign == SIGN_EQUALS && start > 0) {
		size_t before = skip_back(text, start, is_blank);

		while (before > 0 && strchr("&*<[", text.p[before - 1]) &&
			text.p[before - 1])
			before--;
		before = skip_back(text, before, is_blank);
		if (before > 1 && text.p[before - 1] == ':' &&
			is_name_byte(text.p[before - 2])) {
			naming->is_typed = true;
			end = before - 1;
			start = skip_back(text, end, is_name_byte);
		}
	}
	if (end - start > NAME_MOST)
		start = end - NAME_MOST;
	naming->name = ks_span_cut(text, start, end);
}

static struct naming naming_of(const struct ks_context *context)
{
	struct ks_span text = context->before;
	struct naming naming = { .sign = SIGN_NONE };
	size_t n = text.n;

	while (n > 0 && (is_quote(text.p[n - 1]) || text.p[n - 1] == '\\' ||
				text.p[n - 1] == '@')) {
		naming.is_escaped |= text.p[n - 1] == '\\';
		n--;
	}
	/* b"…", f"…": one letter between the sign and the quote. */
	if (n > 1 && n < text.n && ks_class_is_letter(text.p[n - 1]) &&
		!is_name_byte(text.p[n - 2]))
		n--;
	n = skip_calls(&naming, text, n);
	n = skip_back(text, n, is_blank);
	naming.sign = read_sign(text, &n);
	read_name(&naming, text, n);
	naming.gap = text.n - n;
	return naming;
}

static void mark_keywords(struct ks_features *out, unsigned found)
{
	static const struct {
		unsigned keyword;
		enum ks_feature feature;
	} marks[] = {
		{ KS_KEYWORD_PASS, KS_FEATURE_NAME_PASS },
		{ KS_KEYWORD_SECRET, KS_FEATURE_NAME_SECRET },
		{ KS_KEYWORD_TOKEN, KS_FEATURE_NAME_TOKEN },
		{ KS_KEYWORD_KEY, KS_FEATURE_NAME_KEY },
		{ KS_KEYWORD_AUTH, KS_FEATURE_NAME_AUTH },
		{ KS_KEYWORD_CREDENTIAL, KS_FEATURE_NAME_CREDENTIAL },
		{ KS_KEYWORD_API, KS_FEATURE_NAME_API },
		{ KS_KEYWORD_SALT, KS_FEATURE_NAME_SALT },
		{ KS_KEYWORD_NONCE, KS_FEATURE_NAME_NONCE },
		{ KS_KEYWORD_SIGNATURE, KS_FEATURE_NAME_SIGNATURE },
		{ KS_KEYWORD_ACCESS, KS_FEATURE_NAME_ACCESS },
		{ KS_KEYWORD_PUBLIC, KS_FEATURE_NAME_PUBLIC },
		{ KS_KEYWORD_USER, KS_FEATURE_NAME_USER },
		{ KS_KEYWORD_HASH, KS_FEATURE_NAME_HASH },
		{ KS_KEYWORD_ENCRYPTED, KS_FEATURE_NAME_ENCRYPTED },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		out->of[marks[i].feature] = (found & marks[i].keyword) != 0;
}

static void mark_topics(struct ks_features *out, uint32_t topics)
{
	static const struct {
		enum ks_topic topic;
		enum ks_feature feature;
	} marks[] = {
		{ KS_TOPIC_ID, KS_FEATURE_NAME_ID },
		{ KS_TOPIC_TEST, KS_FEATURE_NAME_TEST },
		{ KS_TOPIC_EXAMPLE, KS_FEATURE_NAME_TEST },
		{ KS_TOPIC_TEXT, KS_FEATURE_NAME_HAS_TEXT },
		{ KS_TOPIC_SWITCH, KS_FEATURE_NAME_HAS_SWITCH },
		{ KS_TOPIC_VERB, KS_FEATURE_NAME_HAS_VERB },
		{ KS_TOPIC_FIELD, KS_FEATURE_NAME_HAS_FIELD },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (topics >> marks[i].topic & 1)
			out->of[marks[i].feature] = 1;
	}
}

static void look_at_pieces(struct ks_features *out, struct ks_span name)
{
	struct ks_span piece;
	size_t at = 0;
	uint32_t topics = 0;
	size_t count = 0;
	bool has_upper = false;
	bool has_lower = false;

	while (ks_letters_next(name, &at, &piece)) {
		int16_t topic = (int16_t)ks_lexicon_topic(piece);

		if (count++ == 0)
			out->of[KS_FEATURE_NAME_FIRST_WORD] = topic;
		out->of[KS_FEATURE_NAME_LAST_WORD] = topic;
		topics |= UINT32_C(1) << topic;
	}
	mark_topics(out, topics);
	for (size_t i = 0; i < name.n; i++) {
		enum ks_class class = ks_class_of(name.p[i]);

		has_upper |= class == KS_CLASS_UPPER;
		has_lower |= class == KS_CLASS_LOWER;
	}
	out->of[KS_FEATURE_NAME_PIECES] = ks_measure_clip(count, 10);
	out->of[KS_FEATURE_NAME_IS_UPPER] = has_upper && !has_lower;
	out->of[KS_FEATURE_NAME_IS_MIXED] = has_upper && has_lower;
}

/* Is ${part} in ${text}, the case of letters aside? */
static bool holds(struct ks_span text, struct ks_span part)
{
	if (part.n < 3 || part.n > text.n)
		return false;
	for (size_t at = 0; at + part.n <= text.n; at++) {
		size_t i = 0;

		while (i < part.n && ks_class_fold(text.p[at + i]) ==
					     ks_class_fold(part.p[i]))
			i++;
		if (i == part.n)
			return true;
	}
	return false;
}

static void compare(
	struct ks_features *out, struct ks_span name, struct ks_span value)
{
	if (value.n > NAME_MOST || name.n == 0)
		return;
	out->of[KS_FEATURE_NAME_IN_VALUE] = holds(value, name);
	out->of[KS_FEATURE_VALUE_IN_NAME] = holds(name, value);
	out->of[KS_FEATURE_NAME_IS_VALUE] =
		name.n == value.n && holds(name, value);
}

void ks_naming_features(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	const struct ks_context *context = specimen->context;
	struct naming naming = naming_of(context);
	size_t end;

	mark_keywords(out, ks_lexicon_keywords(naming.name, &end));
	look_at_pieces(out, naming.name);
	compare(out, naming.name, context->secret);
	out->of[KS_FEATURE_NAME_LENGTH] = ks_measure_clip(naming.name.n, 64);
	out->of[KS_FEATURE_NAME_AFTER] =
		end ? ks_measure_clip(naming.name.n - end, 64) : -1;
	out->of[KS_FEATURE_NAME_HAS_DOT] =
		naming.name.n && memchr(naming.name.p, '.', naming.name.n);
	out->of[KS_FEATURE_SIGN] = (int16_t)naming.sign;
	out->of[KS_FEATURE_GAP] = ks_measure_clip(naming.gap, 100);
	out->of[KS_FEATURE_IS_ESCAPED] = naming.is_escaped;
	out->of[KS_FEATURE_IS_CALL] = naming.is_call;
	out->of[KS_FEATURE_IS_TYPED] = naming.is_typed;
	out->of[KS_FEATURE_NAME_IS_QUOTED] = naming.is_quoted;
}
