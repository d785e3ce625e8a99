/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets as they may be shown. */
#include "filter/redact.h"

enum {
	TOKEN_MIN = 20,       /* bytes: four and four are shown */
	SHORT_TOKEN_MIN = 12, /* two and two */
	FIRST_MIN = 8,        /* the first one */
	HEADER_MAX = 64       /* bytes of a header line */
};

static const char ellipsis[] = "\xe2\x80\xa6";

static int add_printable(struct ks_buf *out, struct ks_span text)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < text.n; i++) {
		uint8_t byte = text.p[i];

		rc = ks_buf_add_byte(
			out, byte >= 0x20 && byte < 0x7f ? byte : '?');
	}
	return rc;
}

/* The bytes of a block's first line that hold nothing secret, or 0. */
static size_t header_length(struct ks_span block)
{
	static const char begin[] = "-----BEGIN ";
	static const char putty[] = "PuTTY-User-Key-File-";
	size_t n = 0;

	if (ks_span_starts(block, putty)) {
		while (n < block.n && n < HEADER_MAX && block.p[n] >= 0x20 &&
			block.p[n] != '\\')
			n++;
		return n < HEADER_MAX ? n : 0;
	}
	if (!ks_span_starts(block, begin))
		return 0;
	n = sizeof(begin) - 1;
	while (n < block.n && n < HEADER_MAX &&
		((block.p[n] >= 'A' && block.p[n] <= 'Z') ||
			(block.p[n] >= '0' && block.p[n] <= '9') ||
			block.p[n] == ' '))
		n++;
	if (!ks_span_starts(ks_span_cut(block, n, block.n), "-----"))
		return 0;
	return n + 5;
}

/* How many bytes are shown at the start and at the end. */
static void shown(
	const struct ks_rule *rule, size_t n, size_t *first, size_t *last)
{
	bool is_token =
		rule->kind == KS_RULE_TOKEN || rule->kind == KS_RULE_BLOCK;

	*first = n >= FIRST_MIN ? 1 : 0;
	*last = 0;
	if (n >= TOKEN_MIN)
		*first = *last = is_token || n >= 32 ? 4 : n / 8;
	else if (is_token && n >= SHORT_TOKEN_MIN)
		*first = *last = 2;
}

int ks_redact(
	struct ks_buf *out, const struct ks_rule *rule, struct ks_span secret)
{
	size_t header = rule->kind == KS_RULE_BLOCK ? header_length(secret) : 0;
	size_t first;
	size_t last;
	int rc;

	shown(rule, secret.n, &first, &last);
	if (header > 0) {
		first = header;
		last = 0;
	}
	rc = add_printable(out, ks_span_cut(secret, 0, first));
	if (rc == KS_OK && header > 0)
		rc = ks_buf_add_byte(out, ' ');
	if (rc == KS_OK)
		rc = ks_buf_add_str(out, ellipsis);
	if (rc == KS_OK)
		rc = add_printable(
			out, ks_span_cut(secret, secret.n - last, secret.n));
	return rc;
}

int ks_redact_in(struct ks_buf *out, struct ks_span text,
	const struct ks_redaction *list, size_t count)
{
	size_t at = 0;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count;) {
		const struct ks_redaction *first = &list[i];
		size_t end = first->end;

		while (++i < count && list[i].start < end) {
			if (list[i].end > end)
				end = list[i].end;
		}
		if (end > text.n)
			end = text.n;
		if (first->start >= end)
			continue;
		rc = ks_buf_add(out, text.p + at, first->start - at);
		if (rc == KS_OK)
			rc = ks_redact(out, first->rule,
				ks_span_cut(text, first->start, end));
		at = end;
	}
	return rc == KS_OK ? ks_buf_add(out, text.p + at, text.n - at) : rc;
}
