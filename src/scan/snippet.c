/* SPDX-License-Identifier: Apache-2.0 */
/* The line around a hit, read again and redacted. */
#include "scan/snippet.h"

#include "base/array.h"
#include "match/decoded.h"
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

/* The bytes of place ${index}; empty where they cannot be had again. */
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

/* The bytes around ${hit}; ${from} is where they start in the object. */
static struct ks_span bytes_around(
	struct ks_snippets *snippets, const struct ks_hit *hit, uint64_t *from)
{
	*from = hit->shown ? hit->shown->from : 0;
	return hit->shown ? hit->shown->bytes
			  : read_again(snippets, hit->where);
}

/*
 * Bytes that ${hit} has as it stands there where that has nothing to do with
 * the secret's own: all that is compressed together. 0: elsewhere.
 */
static size_t packed_bytes(const struct ks_hit *hit)
{
	for (uint32_t rest = hit->encodings; rest; rest >>= 4) {
		if ((rest & 15) == KS_ENCODING_GZIP &&
			hit->line == hit->end_line)
			return (size_t)hit->end_column - hit->column + 1;
	}
	return 0;
}

/* In UTF-16 a secret takes twice its bytes. It starts at ${start}. */
static size_t raw_end(const struct ks_snippets *snippets,
	const struct ks_hit *hit, struct ks_span bytes, size_t start)
{
	size_t n = snippets->hits->secrets[hit->secret].bytes.n;
	size_t packed = packed_bytes(hit);

	if (packed)
		return packed < bytes.n - start ? start + packed : bytes.n;
	if (n > bytes.n - start ||
		memcmp(bytes.p + start,
			snippets->hits->secrets[hit->secret].bytes.p, n) != 0)
		n = 2 * n < bytes.n - start ? 2 * n : bytes.n - start;
	return start + n;
}

/* What is shown of ${bytes}, which start at ${base} in their object. */
struct extract {
	struct ks_span bytes;
	uint64_t base;
	size_t from;
	size_t to;
};

/*
 * Where the secret of ${hit} ends in ${extract}, which it may start before.
 * Then, if it is not there as it is, it is taken for UTF-16.
 */
static size_t end_in(const struct ks_snippets *snippets,
	const struct ks_hit *hit, const struct extract *extract)
{
	struct ks_span secret = snippets->hits->secrets[hit->secret].bytes;
	uint64_t before;
	size_t n;

	if (hit->offset >= extract->base)
		return raw_end(snippets, hit, extract->bytes,
			(size_t)(hit->offset - extract->base));
	before = extract->base - hit->offset;
	if (packed_bytes(hit)) {
		n = packed_bytes(hit);
		n = n > before ? n - (size_t)before : 0;
		return n < extract->bytes.n ? n : extract->bytes.n;
	}
	if (before >= 2 * (uint64_t)secret.n)
		return 0;
	n = before < secret.n ? secret.n - (size_t)before : 0;
	if (n > extract->bytes.n)
		n = extract->bytes.n;
	if (n && memcmp(secret.p + before, extract->bytes.p, n) == 0)
		return n;
	n = 2 * secret.n - (size_t)before;
	return n < extract->bytes.n ? n : extract->bytes.n;
}

/* The parts of ${extract} that are known to be secrets. */
static int list_known(struct ks_snippets *snippets, uint32_t where,
	const struct extract *extract, size_t *count)
{
	const size_t from = extract->from;
	const size_t to = extract->to;
	const struct ks_hits *hits = snippets->hits;

	*count = 0;
	for (size_t i = snippets->first[where]; i < snippets->first[where + 1];
		i++) {
		const struct ks_hit *hit = &hits->list[snippets->by_where[i]];
		size_t start = hit->offset > extract->base
				       ? (size_t)(hit->offset - extract->base)
				       : 0;
		size_t end;

		if (start >= to || start >= extract->bytes.n)
			continue;
		end = end_in(snippets, hit, extract);
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
	struct extract extract;
	struct ks_span line;
	size_t start;
	size_t end;
	size_t count;

	extract.bytes = bytes_around(snippets, hit, &extract.base);
	start = (size_t)(hit->offset - extract.base);
	if (start >= extract.bytes.n)
		return "";
	line = ks_line_at(extract.bytes, start);
	extract.from = (size_t)(line.p - extract.bytes.p);
	extract.to = extract.from + line.n;
	end = raw_end(snippets, hit, extract.bytes, start);
	if (end - start > KS_SNIPPET_SECRET)
		end = start + KS_SNIPPET_SECRET;
	if (start - extract.from > KS_SNIPPET_SIDE)
		extract.from = start - KS_SNIPPET_SIDE;
	if (extract.to > end && extract.to - end > KS_SNIPPET_SIDE)
		extract.to = end + KS_SNIPPET_SIDE;
	if (list_known(snippets, hit->where, &extract, &count) < 0)
		return NULL;
	return ks_hide_text(snippets->hide, snippets->arena,
		ks_span_cut(extract.bytes, extract.from, extract.to),
		secret->rule, secret->bytes, snippets->known, count);
}

void ks_snippets_release(struct ks_snippets *snippets)
{
	ks_buf_release(&snippets->file);
	free(snippets->by_where);
	free(snippets->first);
	free(snippets->known);
}
