/* SPDX-License-Identifier: Apache-2.0 */
/* The line around a secret, as far as the verdict may look. */
#include "filter/context.h"

#include "filter/shape.h"

static struct ks_span line_before(struct ks_span subject, size_t start)
{
	size_t floor = start > KS_CONTEXT_REACH ? start - KS_CONTEXT_REACH : 0;
	const uint8_t *newline =
		start > floor ? memrchr(subject.p + floor, '\n', start - floor)
			      : NULL;

	return ks_span_cut(subject,
		newline ? (size_t)(newline - subject.p) + 1 : floor, start);
}

static struct ks_span line_after(struct ks_span subject, size_t end)
{
	size_t n = subject.n - end;
	const uint8_t *newline;

	if (n > KS_CONTEXT_REACH)
		n = KS_CONTEXT_REACH;
	newline = n > 0 ? memchr(subject.p + end, '\n', n) : NULL;
	if (newline)
		n = (size_t)(newline - subject.p) - end;
	if (n > 0 && subject.p[end + n - 1] == '\r')
		n--;
	return ks_span_of(subject.p + end, n);
}

static bool is_quote(uint8_t byte)
{
	return byte == '"' || byte == '\'' || byte == '`';
}

/* The quote on both sides, also \" within a string; 0: there is none. */
static uint8_t quote_around(struct ks_span before, struct ks_span after)
{
	uint8_t quote;

	if (before.n == 0 || after.n == 0)
		return 0;
	quote = before.p[before.n - 1];
	if (!is_quote(quote))
		return 0;
	if (after.p[0] == quote)
		return quote;
	return after.n > 1 && after.p[0] == '\\' && after.p[1] == quote ? quote
									: 0;
}

/* What stands before the secret, quotes and spaces left out; 0: nothing. */
static uint8_t sign_before(struct ks_span before)
{
	size_t n = before.n;

	/* A string may have a prefix: b"", f'', @"". */
	while (n > 0 && (is_quote(before.p[n - 1]) || before.p[n - 1] == '\\' ||
				before.p[n - 1] == '@'))
		n--;
	if (n > 1 && n < before.n && ks_class_is_letter(before.p[n - 1]) &&
		!ks_class_is_word(before.p[n - 2]))
		n--;
	while (n > 0 && ks_class_of(before.p[n - 1]) == KS_CLASS_SPACE)
		n--;
	/* An arrow: => */
	if (n > 1 && before.p[n - 1] == '>' && before.p[n - 2] == '=')
		return '=';
	return n > 0 ? before.p[n - 1] : 0;
}

struct ks_context ks_context_of(
	struct ks_span subject, size_t start, size_t end)
{
	struct ks_context context = {
		.secret = ks_span_cut(subject, start, end),
		.before = line_before(subject, start),
		.after = line_after(subject, end),
	};
	uint8_t sign = sign_before(context.before);

	context.quote = quote_around(context.before, context.after);
	context.is_assigned = sign == '=' || sign == ':';
	context.is_argument = sign == '(' || sign == ',';
	return context;
}

struct ks_span ks_context_window(
	struct ks_span subject, size_t start, size_t end)
{
	size_t from = start > KS_CONTEXT_REACH ? start - KS_CONTEXT_REACH : 0;
	size_t to = subject.n - end > KS_CONTEXT_REACH ? end + KS_CONTEXT_REACH
						       : subject.n;

	return ks_span_cut(subject, from, to);
}

struct ks_span ks_context_near(const struct ks_context *context)
{
	struct ks_span before = context->before;

	return before.n > KS_CONTEXT_NEAR
		       ? ks_span_cut(
				 before, before.n - KS_CONTEXT_NEAR, before.n)
		       : before;
}
