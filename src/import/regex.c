/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of other tools, rewritten as ours. */
#include "import/regex.h"

#include <stdlib.h>
#include <strings.h>

/* The end of the class that begins at ${at}; '[' and ']' in it are many. */
static size_t class_end(const char *text, size_t at)
{
	at++;
	at += text[at] == '^';
	at += text[at] == ']';
	for (; text[at] && text[at] != ']'; at++) {
		if (text[at] == '\\' && text[at + 1]) {
			at++;
		} else if (text[at] == '[' && text[at + 1] == ':') {
			const char *end = strstr(text + at, ":]");

			if (end)
				at = (size_t)(end - text) + 1;
		}
	}
	return text[at] ? at + 1 : at;
}

/* "(?i)", "(?xs)": the end of the flags at the front, 0 if there are none. */
static size_t flags_end(const char *text)
{
	size_t n;

	if (text[0] != '(' || text[1] != '?')
		return 0;
	n = strspn(text + 2, "imsxU");
	return n && text[2 + n] == ')' ? n + 3 : 0;
}

static bool is_extended(const char *text)
{
	size_t end = flags_end(text);

	return end && memchr(text, 'x', end);
}

/* What may be a step of the search for groups: the end of what is at ${at}. */
static size_t next(const char *text, size_t at, bool extended)
{
	if (text[at] == '\\')
		return text[at + 1] ? at + 2 : at + 1;
	if (text[at] == '[')
		return class_end(text, at);
	if (extended && text[at] == '#')
		return at + strcspn(text + at, "\n");
	return at + 1;
}

/* Where a capturing group's name begins, if it has one; else 0. */
static size_t name_at(const char *text, size_t at)
{
	if (strncmp(text + at, "(?P<", 4) == 0)
		return at + 4;
	if (strncmp(text + at, "(?<", 3) == 0 && text[at + 3] != '=' &&
		text[at + 3] != '!')
		return at + 3;
	return 0;
}

static bool is_capture(const char *text, size_t at)
{
	return text[at] == '(' && text[at + 1] != '*' &&
	       (text[at + 1] != '?' || name_at(text, at));
}

/* A capturing group: the '(' and the end of all that opens it. */
struct opening {
	size_t at;
	size_t end;
};

static struct opening opening_at(const char *text, size_t at)
{
	size_t name = name_at(text, at);
	size_t end = at + 1;

	if (name)
		end = name + strcspn(text + name, ">");
	if (name && text[end])
		end++;
	return (struct opening){ at, end };
}

static bool is_called(
	const char *text, struct opening opening, const char *name)
{
	size_t at = name_at(text, opening.at);
	size_t n = strlen(name);

	return at && opening.end == at + n + 1 &&
	       strncmp(text + at, name, n) == 0;
}

/*
 * Find the group that is reported. 1: it is ${out}; 0: the pattern has no
 * group; -1: none of this number.
 */
static int find_group(
	struct opening *out, const char *text, unsigned group, const char *name)
{
	bool extended = is_extended(text);
	unsigned count = 0;
	bool found = false;

	for (size_t at = 0; text[at]; at = next(text, at, extended)) {
		struct opening opening;

		if (!is_capture(text, at))
			continue;
		opening = opening_at(text, at);
		count++;
		if (name && is_called(text, opening, name)) {
			*out = opening;
			return 1;
		}
		if (count == (group ? group : 1)) {
			*out = opening;
			found = true;
		}
	}
	if (found)
		return 1;
	return count == 0 && group == 0 ? 0 : -1;
}

/* The length of a quantifier that lets what is before it be empty, or 0. */
static size_t optional_at(const char *text)
{
	size_t n = 0;

	if (text[0] == '*' || text[0] == '?')
		n = 1;
	else if (strncmp(text, "{0,", 3) == 0 && strchr(text, '}'))
		n = strcspn(text, "}") + 1;
	if (n && (text[n] == '?' || text[n] == '+'))
		n++;
	return n;
}

/*
 * The end of a class at ${at} that may be empty, or ${at}. Each start is
 * tried, so the match without it is found anyhow, with the same secret.
 */
static size_t skip_optional(const char *text, size_t at)
{
	size_t end = at;
	size_t n;

	if (text[at] == '[')
		end = class_end(text, at);
	else if (text[at] == '\\' &&
		 (text[at + 1] == 'w' || text[at + 1] == 's'))
		end = at + 2;
	else if (text[at] == '.')
		end = at + 1;
	if (end == at)
		return at;
	n = optional_at(text + end);
	return n ? end + n : at;
}

/* The end of a group that captures nothing and begins at ${at}, or ${at}. */
static size_t plain_group_at(const char *text, size_t at)
{
	size_t n;

	if (text[at] != '(' || text[at + 1] != '?')
		return at;
	n = strspn(text + at + 2, "imsx-");
	return text[at + 2 + n] == ':' ? at + n + 3 : at;
}

/* Is the group that begins at ${at} there just once? */
static bool is_once(const char *text, size_t at, bool extended)
{
	size_t depth = 0;

	for (; text[at]; at = next(text, at, extended)) {
		depth += text[at] == '(';
		if (text[at] == ')' && --depth == 0)
			return !text[at + 1] || !strchr("*+?{", text[at + 1]);
	}
	return false;
}

/* Append the front of ${pattern} without what may be empty; its end. */
static int add_front(struct ks_buf *out, const char *pattern, size_t *end)
{
	size_t at = flags_end(pattern);
	bool extended = is_extended(pattern);
	int rc = ks_buf_add(out, pattern, at);

	for (;;) {
		size_t inside;

		at = skip_optional(pattern, at);
		inside = plain_group_at(pattern, at);
		if (rc < 0 || inside == at || !is_once(pattern, at, extended))
			break;
		rc = ks_buf_add(out, pattern + at, inside - at);
		at = inside;
	}
	*end = at;
	return rc;
}

int ks_regex_secret(struct ks_buf *out, const char *pattern, unsigned group,
	const char *name)
{
	struct opening opening = { 0, 0 };
	int found = find_group(&opening, pattern, group, name);
	size_t from;
	int rc;

	if (found < 0)
		return KS_E_NOTFOUND;
	if (found == 0)
		return ks_regex_whole(out, pattern);
	ks_buf_reset(out);
	rc = add_front(out, pattern, &from);
	if (rc == KS_OK)
		rc = ks_buf_add(out, pattern + from, opening.at - from);
	if (rc == KS_OK)
		rc = ks_buf_add_str(out, "(?<secret>");
	return rc < 0 ? rc : ks_buf_add_str(out, pattern + opening.end);
}

int ks_regex_whole(struct ks_buf *out, const char *pattern)
{
	size_t flags = flags_end(pattern);
	int rc;

	ks_buf_reset(out);
	rc = ks_buf_add(out, pattern, flags);
	/* A comment at the end would swallow the parenthesis. */
	return rc < 0 ? rc
		      : ks_buf_printf(out, "(?<secret>%s%s)", pattern + flags,
				is_extended(pattern) ? "\n" : "");
}

int ks_regex_quote(struct ks_buf *out, const char *text)
{
	int rc = KS_OK;

	for (; rc == KS_OK && *text; text++) {
		if (strchr("\\^$.|?*+()[]{}/#- ", *text))
			rc = ks_buf_add_byte(out, '\\');
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, (uint8_t)*text);
	}
	return rc;
}

bool ks_regex_has_word(const char *pattern, const char *word)
{
	size_t n = strlen(word);

	for (; *pattern; pattern++) {
		const char *at = pattern;
		size_t same = 0;

		/* "a\.b" holds "a.b". */
		while (same < n && *at) {
			if (*at == '\\' && at[1] && word[same] != '\\')
				at++;
			if (strncasecmp(at, word + same, 1) != 0)
				break;
			at++;
			same++;
		}
		if (same == n)
			return true;
	}
	return n == 0;
}
