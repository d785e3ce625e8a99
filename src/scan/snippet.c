/* SPDX-License-Identifier: Apache-2.0 */
/* The line around a hit, read again and redacted. */
#include "scan/snippet.h"

#include "base/array.h"
#include "provenance/lines.h"

#include <stdlib.h>

/* Hits in the order of their places, by counting. */
static int sort_by_where(struct ks_snippets *snippets)
{
	const struct ks_hits *hits = snippets->hits;
	size_t *next;

	snippets->by_where =
		calloc(hits->count + 1, sizeof(*snippets->by_where));
	snippets->first =
		calloc(hits->where_count + 2, sizeof(*snippets->first));
	if (!snippets->by_where || !snippets->first)
		return KS_E_NOMEM;
	next = snippets->first + 1;
	for (size_t i = 0; i < hits->count; i++)
		next[hits->list[i].where]++;
	for (size_t i = 1; i < hits->where_count; i++)
		next[i] += next[i - 1];
	/* From the end, each place's count sinks to its first hit. */
	for (size_t i = hits->count; i-- > 0;)
		snippets->by_where[--next[hits->list[i].where]] = (uint32_t)i;
	memmove(snippets->first, next,
		hits->where_count * sizeof(*snippets->first));
	snippets->first[hits->where_count] = hits->count;
	return KS_OK;
}

int ks_snippets_init(struct ks_snippets *snippets, const struct ks_hits *hits,
	struct ks_reader *reader, struct ks_hide *hide, struct ks_arena *arena,
	uint64_t limit)
{
	*snippets = (struct ks_snippets){
		.hits = hits,
		.reader = reader,
		.hide = hide,
		.arena = arena,
		.limit = limit,
		.file_where = KS_HITS_NONE,
	};
	return sort_by_where(snippets);
}

/* The bytes of place ${where}; empty where they cannot be had again. */
static struct ks_span read_again(struct ks_snippets *snippets, uint32_t index)
{
	const struct ks_where *where = &snippets->hits->where[index];
	struct ks_span bytes = { NULL, 0 };
	enum ks_object_type type;

	if (where->kind == KS_PLACE_TEXT)
		return bytes;
	if (where->kind == KS_PLACE_NAME || where->kind == KS_PLACE_REF)
		return ks_span_str(where->name);
	if (where->kind != KS_PLACE_FILE) {
		if (snippets->reader &&
			ks_reader_read(snippets->reader, &where->oid,
				snippets->limit, &type, &bytes, NULL) < 0)
			bytes.n = 0;
		return bytes;
	}
	if (strcmp(where->name, "-") == 0)
		return snippets->input;
	if (snippets->file_where != index) {
		ks_buf_reset(&snippets->file);
		snippets->file_where = index;
		if (ks_buf_read_file(&snippets->file, where->name, NULL) < 0)
			ks_buf_reset(&snippets->file);
	}
	return ks_buf_span(&snippets->file);
}

/* In UTF-16 a secret takes twice its bytes. */
static size_t raw_end(const struct ks_snippets *snippets,
	const struct ks_hit *hit, struct ks_span bytes)
{
	size_t n = snippets->hits->secrets[hit->secret].bytes.n;
	size_t start = (size_t)hit->offset;

	if (n > bytes.n - start ||
		memcmp(bytes.p + start,
			snippets->hits->secrets[hit->secret].bytes.p, n) != 0)
		n = 2 * n < bytes.n - start ? 2 * n : bytes.n - start;
	return start + n;
}

/* The parts of [from, to) that are known to be secrets, from 0 on. */
static int list_known(struct ks_snippets *snippets, uint32_t where,
	struct ks_span bytes, size_t from, size_t to, size_t *count)
{
	const struct ks_hits *hits = snippets->hits;

	*count = 0;
	for (size_t i = snippets->first[where]; i < snippets->first[where + 1];
		i++) {
		const struct ks_hit *hit = &hits->list[snippets->by_where[i]];
		size_t start = (size_t)hit->offset;
		size_t end;

		if (start >= to || start >= bytes.n)
			continue;
		end = raw_end(snippets, hit, bytes);
		if (end <= from)
			continue;
		if (ks_array_reserve(&snippets->known, &snippets->known_cap,
			    *count + 1, sizeof(*snippets->known)) < 0)
			return KS_E_NOMEM;
		snippets->known[(*count)++] = (struct ks_hidden){
			.start = start > from ? start - from : 0,
			.end = (end < to ? end : to) - from,
			.rule = hits->secrets[hit->secret].rule,
		};
	}
	return KS_OK;
}

const char *ks_snippet_of(
	struct ks_snippets *snippets, const struct ks_hit *hit)
{
	const struct ks_secret *secret = &snippets->hits->secrets[hit->secret];
	struct ks_span bytes = read_again(snippets, hit->where);
	struct ks_span line;
	size_t from;
	size_t to;
	size_t end;
	size_t count;

	if (hit->offset >= bytes.n)
		return "";
	line = ks_line_at(bytes, (size_t)hit->offset);
	from = (size_t)(line.p - bytes.p);
	to = from + line.n;
	end = raw_end(snippets, hit, bytes);
	if (hit->offset - from > KS_SNIPPET_SIDE)
		from = (size_t)hit->offset - KS_SNIPPET_SIDE;
	if (to > end && to - end > KS_SNIPPET_SIDE)
		to = end + KS_SNIPPET_SIDE;
	if (list_known(snippets, hit->where, bytes, from, to, &count) < 0)
		return NULL;
	return ks_hide_text(snippets->hide, snippets->arena,
		ks_span_cut(bytes, from, to), secret->rule, secret->bytes,
		snippets->known, count);
}

void ks_snippets_release(struct ks_snippets *snippets)
{
	ks_buf_release(&snippets->file);
	free(snippets->by_where);
	free(snippets->first);
	free(snippets->known);
}
