/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets out of everything that is shown. */
#include "scan/hide.h"

#include "base/array.h"
#include "filter/redact.h"

#include <stdlib.h>

enum {
	LITERAL_MIN = 4 /* bytes; shorter ones are everywhere */
};

int ks_hide_init(struct ks_hide *hide, struct ks_patterns *patterns, bool show,
	struct ks_err *err)
{
	*hide = (struct ks_hide){ .show = show };
	return ks_finder_init(&hide->finder, patterns, false, err);
}

static int add(struct ks_hide *hide, size_t start, size_t end, uint32_t rule)
{
	if (ks_array_reserve(&hide->list, &hide->cap, hide->count + 1,
		    sizeof(*hide->list)) < 0)
		return KS_E_NOMEM;
	hide->list[hide->count++] = (struct ks_hidden){ start, end, rule };
	return KS_OK;
}

static int by_start(const void *a, const void *b)
{
	const struct ks_hidden *left = a;
	const struct ks_hidden *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->end < right->end) - (left->end > right->end);
}

static int add_literal(struct ks_hide *hide, struct ks_span text, uint32_t rule,
	struct ks_span secret)
{
	const uint8_t *at = text.p;
	const uint8_t *end = text.p + text.n;
	int rc = KS_OK;

	if (secret.n < LITERAL_MIN)
		return KS_OK;
	while (rc == KS_OK &&
		(at = memmem(at, (size_t)(end - at), secret.p, secret.n))) {
		size_t start = (size_t)(at - text.p);

		rc = add(hide, start, start + secret.n, rule);
		at += secret.n;
	}
	return rc;
}

static int collect(struct ks_hide *hide, struct ks_span text, uint32_t rule,
	struct ks_span secret, const struct ks_hidden *known, size_t count)
{
	int rc = add_literal(hide, text, rule, secret);
	struct ks_subject subject = { .bytes = text };
	int looked = ks_finder_look(&hide->finder, &subject, NULL);

	/* A text too hard to match has only its known secrets hidden. */
	if (looked == KS_E_NOMEM)
		return looked;
	for (size_t i = 0; rc == KS_OK && i < hide->finder.accepted_count;
		i++) {
		const struct ks_accepted *one = &hide->finder.accepted[i];

		rc = add(hide, one->raw_start, one->raw_end, one->match.rule);
	}
	for (size_t i = 0; rc == KS_OK && i < count; i++)
		rc = add(hide, known[i].start, known[i].end, known[i].rule);
	if (hide->count)
		qsort(hide->list, hide->count, sizeof(*hide->list), by_start);
	return rc;
}

/* Text and redacted secrets in turn; of parts that overlap the first. */
static int write_out(struct ks_hide *hide, struct ks_span text)
{
	size_t at = 0;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < hide->count; i++) {
		const struct ks_hidden *part = &hide->list[i];

		if (part->end <= at || part->start >= text.n)
			continue;
		if (part->start < at) {
			at = part->end < text.n ? part->end : text.n;
			continue;
		}
		rc = ks_buf_add(&hide->out, text.p + at, part->start - at);
		at = part->end < text.n ? part->end : text.n;
		if (rc == KS_OK)
			rc = ks_redact(&hide->out,
				&hide->finder.rules->list[part->rule],
				ks_span_cut(text, part->start, at));
	}
	if (rc == KS_OK)
		rc = ks_buf_add(&hide->out, text.p + at, text.n - at);
	return rc;
}

const char *ks_hide_text(struct ks_hide *hide, struct ks_arena *arena,
	struct ks_span text, uint32_t rule, struct ks_span secret,
	const struct ks_hidden *known, size_t count)
{
	char *copy;

	ks_buf_reset(&hide->out);
	hide->count = 0;
	if (!hide->show && collect(hide, text, rule, secret, known, count) < 0)
		return NULL;
	if (write_out(hide, text) < 0)
		return NULL;
	copy = ks_arena_copy(arena, ks_buf_span(&hide->out));
	for (size_t i = 0; copy && i < hide->out.n; i++) {
		if (copy[i] == '\0')
			copy[i] = ' ';
	}
	return copy;
}

void ks_hide_release(struct ks_hide *hide)
{
	ks_finder_release(&hide->finder);
	ks_buf_release(&hide->out);
	free(hide->list);
	*hide = (struct ks_hide){ 0 };
}
