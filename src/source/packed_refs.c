/* SPDX-License-Identifier: Apache-2.0 */
/* The file of many refs, a line each: git-pack-refs(1). */
#include "source/packed_refs.h"

#include "base/map.h"

struct reading {
	const char *prefix;
	size_t hash_bytes;
	const struct ks_ref_visitor *visitor;
	struct ks_buf name;
	bool is_sorted;
	bool is_broken; /* told */
};

/* The start of the line that holds ${p}. */
static const uint8_t *line_start(struct ks_span text, const uint8_t *p)
{
	const uint8_t *lf =
		p > text.p ? memrchr(text.p, '\n', (size_t)(p - text.p)) : NULL;

	return lf ? lf + 1 : text.p;
}

static const uint8_t *line_end(struct ks_span text, const uint8_t *p)
{
	const uint8_t *end = text.p + text.n;
	const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));

	return lf ? lf : end;
}

/* Does the line's ref come before all that begin with ${prefix}? */
static bool is_before(struct ks_span line, size_t skip, const char *prefix)
{
	size_t n = strlen(prefix);
	size_t have = line.n > skip ? line.n - skip : 0;
	int order;

	if (line.n && (line.p[0] == '#' || line.p[0] == '^'))
		return true;
	order = memcmp(line.p + skip, prefix, have < n ? have : n);
	return order < 0 || (order == 0 && have < n);
}

/* The first line, of text whose lines are sorted, that may have the prefix. */
static const uint8_t *seek(struct ks_span text, size_t skip, const char *prefix)
{
	const uint8_t *low = text.p;
	const uint8_t *high = text.p + text.n;

	while (low < high) {
		const uint8_t *middle = low + (high - low) / 2;
		const uint8_t *from = line_start(text, middle);
		const uint8_t *to;

		/* A "^<peeled>" line belongs to the ref before it. */
		while (from > low && *from == '^')
			from = line_start(text, from - 1);
		to = line_end(text, from);
		if (is_before(ks_span_of(from, (size_t)(to - from)), skip,
			    prefix))
			low = line_end(text, middle) + 1;
		else
			high = from;
	}
	return low < text.p + text.n ? low : text.p + text.n;
}

static int tell_broken(struct reading *reading)
{
	const struct ks_ref_visitor *visitor = reading->visitor;

	if (reading->is_broken || !visitor->broken)
		return KS_OK;
	reading->is_broken = true;
	return visitor->broken(visitor->payload, "packed-refs");
}

/* "<oid> <name>": told if it has the prefix; ${is_past}: none comes more. */
static int take_line(
	struct reading *reading, struct ks_span line, bool *is_past)
{
	size_t skip = 2 * reading->hash_bytes + 1;
	size_t n = strlen(reading->prefix);
	struct ks_oid oid;
	int order;

	if (line.n == 0 || line.p[0] == '#' || line.p[0] == '^')
		return KS_OK;
	if (line.n <= skip || memchr(line.p, '\0', line.n) ||
		!ks_oid_parse_word(&oid, line, reading->hash_bytes))
		return tell_broken(reading);
	order = memcmp(line.p + skip, reading->prefix,
		line.n - skip < n ? line.n - skip : n);
	*is_past = reading->is_sorted && order > 0;
	if (order != 0 || line.n - skip < n)
		return KS_OK;
	ks_buf_reset(&reading->name);
	if (ks_buf_add(&reading->name, line.p + skip, line.n - skip) < 0 ||
		!ks_buf_str(&reading->name))
		return KS_E_NOMEM;
	return reading->visitor->ref(
		reading->visitor->payload, (const char *)reading->name.p, &oid);
}

/*
 * Does it say that its lines are sorted? For all refs that is not asked: what
 * is behind a line that is out of order would not be seen.
 */
static bool is_sorted(const struct reading *reading, struct ks_span text)
{
	const uint8_t *end = text.n ? line_end(text, text.p) : NULL;

	return strcmp(reading->prefix, "refs/") != 0 && end &&
	       text.p[0] == '#' &&
	       memmem(text.p, (size_t)(end - text.p), " sorted", 7);
}

static int read_text(struct reading *reading, struct ks_span text)
{
	const uint8_t *p = text.p;
	const uint8_t *end = text.n ? p + text.n : p;
	bool is_past = false;
	int rc = KS_OK;

	reading->is_sorted = is_sorted(reading, text);
	if (reading->is_sorted)
		p = seek(text, 2 * reading->hash_bytes + 1, reading->prefix);
	while (p < end && rc == KS_OK && !is_past) {
		const uint8_t *lf = line_end(text, p);

		rc = take_line(
			reading, ks_span_of(p, (size_t)(lf - p)), &is_past);
		p = lf + 1;
	}
	return rc;
}

int ks_packed_refs_visit(const char *common, const char *prefix,
	size_t hash_bytes, const struct ks_ref_visitor *visitor,
	struct ks_err *err)
{
	struct reading reading = {
		.prefix = prefix, .hash_bytes = hash_bytes, .visitor = visitor
	};
	struct ks_buf path = { 0 };
	struct ks_map map = { 0 };
	int rc = KS_E_NOMEM;

	if (ks_buf_printf(&path, "%spacked-refs", common) == KS_OK &&
		ks_buf_str(&path))
		rc = ks_map_open(&map, (const char *)path.p, err);
	if (rc == KS_OK)
		rc = read_text(&reading, map.bytes);
	else if (rc == KS_E_NOTFOUND)
		rc = KS_OK;
	else if (rc != KS_E_NOMEM && visitor->broken)
		rc = tell_broken(&reading);
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	ks_map_close(&map);
	ks_buf_release(&path);
	ks_buf_release(&reading.name);
	return rc;
}
