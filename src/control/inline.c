/* SPDX-License-Identifier: Apache-2.0 */
/* Markers beside a secret that say it may stand there. */
#include "control/inline.h"

#include <strings.h>

/* Which lines a marker is about. */
enum aim {
	AIM_LINE, /* its own */
	AIM_NEXT  /* the one below */
};

/* Do the words behind a marker let it stand for ${rule}? */
typedef bool (*says_fn)(struct ks_span rest, const struct ks_rule *rule);

static bool is_word(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static size_t skip_blanks(struct ks_span text, size_t at)
{
	while (at < text.n && is_blank(text.p[at]))
		at++;
	return at;
}

/* "name" or "two-names": the end of what begins at ${at}. */
static size_t word_end(struct ks_span text, size_t at)
{
	while (at < text.n &&
		(is_word(text.p[at]) || (text.p[at] == '-' && at + 1 < text.n &&
						is_word(text.p[at + 1]))))
		at++;
	return at;
}

static bool says_any(struct ks_span rest, const struct ks_rule *rule)
{
	(void)rest;
	(void)rule;
	return true;
}

/*
 * A list of rules may follow; then it stands for those only. A word that is
 * no rule's id, a slip of the pen too, so allows nothing.
 */
static bool says_rules(struct ks_span rest, const struct ks_rule *rule)
{
	bool has_words = false;

	for (size_t at = skip_blanks(rest, 0), end;; at = end) {
		end = word_end(rest, at);
		if (end == at)
			return !has_words;
		has_words = true;
		if (ks_span_eq(
			    ks_span_cut(rest, at, end), ks_span_str(rule->id)))
			return true;
		end = skip_blanks(rest, end);
		if (end < rest.n && rest.p[end] == ',')
			end = skip_blanks(rest, end + 1);
	}
}

/*
 * bandit's and gosec's marker silences every check of the line. So it counts
 * if it names a check for secrets in code; if it names none at all, only for
 * what is no provider's token and no key.
 */
static bool says_nosec(struct ks_span rest, const struct ks_rule *rule)
{
	static const char *const checks[] = { "B105", "B106", "B107", "G101",
		"hardcoded_password_string", "hardcoded_password_funcarg",
		"hardcoded_password_default" };
	size_t at = rest.n && rest.p[0] == ':' ? 1 : 0;
	bool has_words = false;

	for (size_t end; at < rest.n; at = end) {
		at = skip_blanks(rest, at);
		end = word_end(rest, at);
		if (end == at)
			break;
		has_words = true;
		for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
			if (ks_span_eq(ks_span_cut(rest, at, end),
				    ks_span_str(checks[i])))
				return true;
		}
		if (end < rest.n && rest.p[end] == ',')
			end++;
	}
	return !has_words && (rule->kind == KS_RULE_PASSWORD ||
				     rule->kind == KS_RULE_GENERIC);
}

static const struct marker {
	const char *text;
	enum aim aim;
	bool is_comment; /* only right behind # or // */
	says_fn says;
} markers[] = {
	{ "keysieve:allow", AIM_LINE, false, says_rules },
	{ "keysieve:allow-next-line", AIM_NEXT, false, says_rules },
	{ "gitleaks:allow", AIM_LINE, false, says_any },
	{ "betterleaks:allow", AIM_LINE, false, says_any },
	{ "trufflehog:ignore", AIM_LINE, false, says_any },
	{ "kingfisher:ignore", AIM_LINE, false, says_any },
	{ "ggignore", AIM_LINE, false, says_any },
	{ "pragma: allowlist secret", AIM_LINE, false, says_any },
	{ "pragma:allowlist secret", AIM_LINE, false, says_any },
	{ "pragma: whitelist secret", AIM_LINE, false, says_any },
	{ "pragma:whitelist secret", AIM_LINE, false, says_any },
	{ "pragma: allowlist nextline secret", AIM_NEXT, false, says_any },
	{ "pragma:allowlist nextline secret", AIM_NEXT, false, says_any },
	{ "nosec", AIM_LINE, true, says_nosec },
};

/* Is ${marker}, found at [${at}, ${end}) of ${line}, a word of its own? */
static bool stands_alone(
	const struct marker *marker, struct ks_span line, size_t at, size_t end)
{
	size_t before = at;

	if (word_end(line, end) != end)
		return false;
	if (!marker->is_comment)
		return at == 0 || !is_word(line.p[at - 1]);
	while (before > 0 && is_blank(line.p[before - 1]))
		before--;
	return (before > 0 && line.p[before - 1] == '#') ||
	       (before > 1 && line.p[before - 1] == '/' &&
		       line.p[before - 2] == '/');
}

/* Does ${marker} stand at ${at} of ${line}, and for ${rule}? */
static bool is_marker(struct ks_span line, size_t at,
	const struct marker *marker, const struct ks_rule *rule)
{
	size_t n = strlen(marker->text);

	return n <= line.n - at &&
	       strncasecmp((const char *)line.p + at, marker->text, n) == 0 &&
	       stands_alone(marker, line, at, at + n) &&
	       marker->says(ks_span_cut(line, at + n, line.n), rule);
}

static bool has_any(
	struct ks_span line, enum aim aim, const struct ks_rule *rule)
{
	for (size_t at = 0; at < line.n; at++) {
		/* Lower-case, if it is a letter: most are none of these. */
		uint8_t first = line.p[at] | 0x20;

		if (!memchr("kgbtpn", first, 6))
			continue;
		for (size_t i = 0; i < sizeof(markers) / sizeof(*markers);
			i++) {
			if (markers[i].aim == aim &&
				(uint8_t)markers[i].text[0] == first &&
				is_marker(line, at, &markers[i], rule))
				return true;
		}
	}
	return false;
}

/* The end of the line at ${at}, or as far as is looked at. */
static size_t line_end(struct ks_span text, size_t at)
{
	size_t most =
		text.n - at < KS_INLINE_REACH ? text.n : at + KS_INLINE_REACH;
	const uint8_t *end =
		at < most ? memchr(text.p + at, '\n', most - at) : NULL;

	return end ? (size_t)(end - text.p) : most;
}

/* Likewise its start. */
static size_t line_start(struct ks_span text, size_t at)
{
	size_t least = at < KS_INLINE_REACH ? 0 : at - KS_INLINE_REACH;

	while (at > least && text.p[at - 1] != '\n')
		at--;
	return at;
}

static bool is_block(struct ks_span text, size_t start, size_t end,
	const struct ks_rule *rule)
{
	return rule->kind == KS_RULE_BLOCK ||
	       memchr(text.p + start, '\n', end - start) != NULL;
}

bool ks_inline_allows(struct ks_span text, size_t start, size_t end,
	const struct ks_rule *rule)
{
	size_t from = line_start(text, start);
	bool several = is_block(text, start, end, rule);
	struct ks_span above;

	if (has_any(ks_span_cut(text, end, line_end(text, end)), AIM_LINE,
		    rule))
		return true;
	if (several && has_any(ks_span_cut(text, from, line_end(text, start)),
			       AIM_LINE, rule))
		return true;
	if (from == 0 || text.p[from - 1] != '\n')
		return false;
	above = ks_span_cut(text, line_start(text, from - 1), from - 1);
	return has_any(above, AIM_NEXT, rule) ||
	       (several && has_any(above, AIM_LINE, rule));
}
