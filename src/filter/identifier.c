/* SPDX-License-Identifier: Apache-2.0 */
/* Names, paths, numbers and prose: what an unnamed value mostly is. */
#include "filter/identifier.h"

#include "filter/letters.h"
#include "filter/words.h"

static const char *const extensions[] = {
	"bin",
	"bmp",
	"c",
	"cc",
	"cer",
	"cfg",
	"class",
	"cnf",
	"conf",
	"cpp",
	"crt",
	"cs",
	"css",
	"csv",
	"der",
	"dll",
	"env",
	"exe",
	"gif",
	"go",
	"gpg",
	"gz",
	"h",
	"html",
	"ico",
	"ini",
	"ipynb",
	"jar",
	"java",
	"jks",
	"jpeg",
	"jpg",
	"js",
	"json",
	"jsx",
	"key",
	"kt",
	"lock",
	"log",
	"lua",
	"md",
	"mjs",
	"p12",
	"pdf",
	"pem",
	"pfx",
	"php",
	"pl",
	"plist",
	"png",
	"proto",
	"ps1",
	"pub",
	"py",
	"rb",
	"rs",
	"scala",
	"sh",
	"so",
	"sql",
	"svg",
	"swift",
	"tar",
	"tf",
	"tgz",
	"toml",
	"ts",
	"tsx",
	"txt",
	"vue",
	"xml",
	"yaml",
	"yml",
	"zip",
};

/* Only characters that a name in code or a path has. */
static bool is_name_text(struct ks_span text, const struct ks_shape *shape)
{
	if (shape->counts[KS_CLASS_OTHER] > 0)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (ks_class_of(text.p[i]) == KS_CLASS_SYMBOL &&
			!strchr("_-./:,@'%", text.p[i]) &&
			!(i == 0 && text.p[i] == '#'))
			return false;
	}
	return true;
}

static bool is_wordy(struct ks_span text, const struct ks_shape *shape)
{
	struct ks_letters letters;

	if (ks_shape_letters(shape) * 10 < text.n * 7 ||
		shape->counts[KS_CLASS_DIGIT] * 6 > text.n)
		return false;
	letters = ks_letters_of(text);
	return ks_letters_are_words(&letters);
}

/* Four spaces or more, or two and words: a sentence. */
static bool is_prose(struct ks_span text, const struct ks_shape *shape)
{
	size_t spaces = shape->counts[KS_CLASS_SPACE];

	return spaces >= 4 || (spaces >= 1 && is_wordy(text, shape));
}

static bool has_extension(struct ks_span text)
{
	const uint8_t *dot = memrchr(text.p, '.', text.n);
	struct ks_span last;

	if (!dot || dot == text.p)
		return false;
	last = ks_span_cut(text, (size_t)(dot - text.p) + 1, text.n);
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]);
		i++) {
		if (ks_span_eq(last, ks_span_str(extensions[i])))
			return true;
	}
	return false;
}

/*
 * a-b/c/d-12: lower-case pieces that begin with a letter, few digits. Base 64
 * of that length without an upper-case letter is one in thousands.
 */
static bool is_lower_path(struct ks_span text, const struct ks_shape *shape)
{
	bool starts = true;

	if (shape->counts[KS_CLASS_UPPER] > 0 ||
		shape->counts[KS_CLASS_DIGIT] * 5 > text.n)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (starts && !ks_class_is_letter(text.p[i]))
			return false;
		starts = text.p[i] == '/';
	}
	return true;
}

/* /x, ./x, ~/x, C:\x, http://x */
static bool is_path(struct ks_span text, const struct ks_shape *shape)
{
	struct ks_letters letters;

	if (!ks_shape_has(shape, '.') && !ks_shape_has(shape, '/') &&
		!ks_shape_has(shape, '\\'))
		return false;
	if (memmem(text.p, text.n, "://", 3) || ks_span_starts(text, "./") ||
		ks_span_starts(text, "../") || ks_span_starts(text, "~/"))
		return true;
	if (text.n > 2 && ks_class_is_letter(text.p[0]) && text.p[1] == ':' &&
		(text.p[2] == '\\' || text.p[2] == '/'))
		return true;
	if (has_extension(text) && is_name_text(text, shape))
		return true;
	/* Base 64 has slashes too, but no words between them. */
	if (!memchr(text.p, '/', text.n) || !is_name_text(text, shape))
		return false;
	letters = ks_letters_of(text);
	return ks_letters_are_words(&letters) || is_lower_path(text, shape);
}

/* Eight hex digits, three times four, twelve. */
static bool is_uuid(struct ks_span text)
{
	if (text.n != 36)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
		uint8_t byte = ks_class_fold(text.p[i]);

		if (is_dash ? byte != '-'
			    : !ks_class_is_digit(byte) &&
					(byte < 'a' || byte > 'f'))
			return false;
	}
	return true;
}

/* Of the length of MD5, SHA-1, SHA-2. */
static bool is_digest(const struct ks_shape *shape)
{
	return shape->hex == shape->n &&
	       (shape->n == 32 || shape->n == 40 || shape->n == 56 ||
		       shape->n == 64 || shape->n == 96 || shape->n == 128);
}

/* sha512-…, sha256:…, md5:…, also where the rule left that out. */
static bool has_hash_name(struct ks_span text, struct ks_span before)
{
	static const char *const names[] = { "sha1-", "sha1:", "sha256-",
		"sha256:", "sha384-", "sha384:", "sha512-",
		"sha512:", "md5:", "md5-" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if (ks_span_starts(text, names[i]))
			return true;
		if (before.n >= n &&
			memcmp(before.p + before.n - n, names[i], n) == 0)
			return true;
	}
	return false;
}

/*
 * Digits and what numbers, dates, times, versions and addresses have, with a
 * letter or two between them: 2026-01-31T12:00:00Z, 10px, v1.2.3.
 */
static bool is_number(struct ks_span text, const struct ks_shape *shape)
{
	size_t letters = ks_shape_letters(shape);

	if (shape->counts[KS_CLASS_OTHER] > 0 || letters > 2 ||
		letters > shape->counts[KS_CLASS_SYMBOL])
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (ks_class_of(text.p[i]) == KS_CLASS_SYMBOL &&
			!strchr(".,:+-/_%#", text.p[i]))
			return false;
	}
	return true;
}

static bool is_email(struct ks_span text)
{
	const uint8_t *at = memchr(text.p, '@', text.n);
	struct ks_span host;

	if (!at || at == text.p)
		return false;
	host = ks_span_cut(text, (size_t)(at - text.p) + 1, text.n);
	if (!memchr(host.p, '.', host.n))
		return false;
	for (size_t i = 0; i < host.n; i++) {
		if (!ks_class_is_letter(host.p[i]) &&
			!ks_class_is_digit(host.p[i]) && host.p[i] != '.' &&
			host.p[i] != '-')
			return false;
	}
	return ks_class_is_letter(text.p[text.n - 1]);
}

/* What code has and secrets have not. */
static bool is_code(struct ks_span text, const struct ks_shape *shape)
{
	static const char *const marks[] = { "=>", "->", "::", "&&", "||",
		"==", "!=", "();", "/>", "</", "\\d", "\\w", "[^", ".*",
		"(?:", "[a-z", "[A-Z", "[0-9", "a-zA-Z", "A-Za-z" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const uint8_t *at;

		if (!ks_shape_has(shape, marks[i][0]) ||
			!ks_shape_has(shape, marks[i][1]))
			continue;
		at = memmem(text.p, text.n, marks[i], strlen(marks[i]));

		/* "==" may be padding. */
		if (at && !(marks[i][0] == '=' && marks[i][1] == '=' &&
				  at + 2 == text.p + text.n))
			return true;
	}
	return false;
}

bool ks_identifier_is_digest(
	const struct ks_context *context, const struct ks_shape *shape)
{
	struct ks_span text = context->secret;
	struct ks_span near = ks_context_near(context);

	/* Some keys are UUIDs or hex: the name decides. */
	return has_hash_name(text, context->before) ||
	       (is_digest(shape) && (ks_words_hints(near) & KS_HINT_HASH)) ||
	       (is_uuid(text) && (ks_words_hints(near) & KS_HINT_ID));
}

bool ks_identifier_is_date(struct ks_span text, const struct ks_shape *shape)
{
	return (shape->counts[KS_CLASS_SYMBOL] >= 2 ||
		       ks_shape_has(shape, '.')) &&
	       !ks_shape_has(shape, ',') && is_number(text, shape);
}

bool ks_identifier_is(
	const struct ks_context *context, const struct ks_shape *shape)
{
	struct ks_span text = context->secret;

	if (text.n == 0)
		return true;
	if (is_number(text, shape) || is_email(text) || is_prose(text, shape) ||
		is_code(text, shape) || is_path(text, shape))
		return true;
	if (ks_identifier_is_digest(context, shape))
		return true;
	return is_name_text(text, shape) && is_wordy(text, shape);
}

bool ks_identifier_is_variable(
	const struct ks_context *context, const struct ks_shape *shape)
{
	struct ks_span text = context->secret;
	struct ks_letters letters;

	if (context->quote || (!context->is_assigned && !context->is_argument))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!ks_class_is_word(text.p[i]) && text.p[i] != '.')
			return false;
	}
	if (!is_wordy(text, shape))
		return false;
	letters = ks_letters_of(text);
	return letters.pieces > 1 &&
	       (ks_words_hints(text) & KS_HINT_SECRET) != 0;
}
