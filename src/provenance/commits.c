/* SPDX-License-Identifier: Apache-2.0 */
/* The commit graph, gathered while the objects stream by. */
#include "provenance/commits.h"

#include "base/array.h"

#include <stdlib.h>

/* Parse the line "${field}<hex object id>", ${field} ending with a space. */
static bool parse_id(struct ks_oid *out, struct ks_span line, const char *field,
	size_t hash_bytes)
{
	size_t n = strlen(field);

	return ks_span_starts(line, field) && line.n == n + 2 * hash_bytes &&
	       ks_oid_parse(out, (const char *)line.p + n, hash_bytes);
}

static int add_parent(struct ks_commits *commits, struct ks_span line,
	size_t at, struct ks_err *err)
{
	struct ks_oid parent;

	if (!parse_id(&parent, line, "parent ", ks_commits_hash_bytes(commits)))
		return ks_fail(err, KS_E_CORRUPT, "wrong parent line");
	if (at >= UINT32_MAX)
		return ks_fail(err, KS_E_LIMIT, "too many commits");
	if (ks_array_reserve(&commits->parents, &commits->parent_cap, at + 1,
		    sizeof(parent)) < 0)
		return ks_fail_nomem(err);
	commits->parents[at] = parent;
	return KS_OK;
}

int ks_commits_add(struct ks_commits *commits, const struct ks_oid *oid,
	struct ks_span raw, struct ks_err *err)
{
	struct ks_commit commit = { .oid = *oid };
	struct ks_signature committer;
	struct ks_span rest = raw;
	struct ks_span line;

	if (commits->count >= UINT32_MAX - 1)
		return ks_fail(err, KS_E_LIMIT, "too many commits");
	if (!ks_span_next_line(&rest, &line) ||
		!parse_id(&commit.tree, line, "tree ",
			ks_commits_hash_bytes(commits)))
		return ks_fail(err, KS_E_CORRUPT, "wrong tree line");
	while (ks_span_next_line(&rest, &line) &&
		ks_span_starts(line, "parent ")) {
		int rc = add_parent(commits, line,
			commits->parent_count + commit.parent_count, err);

		if (rc < 0)
			return rc;
		commit.parent_count++;
	}
	if (ks_array_reserve(&commits->list, &commits->cap, commits->count + 1,
		    sizeof(commit)) < 0)
		return ks_fail_nomem(err);
	if (ks_signature_parse(&committer, raw, "committer"))
		commit.time = committer.time;
	commit.first_parent = (uint32_t)commits->parent_count;
	commits->parent_count += commit.parent_count;
	commits->list[commits->count++] = commit;
	return KS_OK;
}

size_t ks_commits_head(const struct ks_commits *commits)
{
	const size_t digits = 2 * ks_commits_hash_bytes(commits);
	const struct ks_commit *last = &commits->list[commits->count - 1];

	return strlen("tree \n") + digits +
	       last->parent_count * (strlen("parent \n") + digits);
}

static void move_all(struct ks_commits *into, const struct ks_commits *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct ks_commit commit = from->list[i];

		commit.first_parent += (uint32_t)into->parent_count;
		into->list[into->count++] = commit;
	}
	if (from->parent_count)
		memcpy(into->parents + into->parent_count, from->parents,
			from->parent_count * sizeof(*from->parents));
	into->parent_count += from->parent_count;
}

int ks_commits_merge(struct ks_commits *into, struct ks_commits *from)
{
	size_t count = into->count + from->count;
	size_t parent_count = into->parent_count + from->parent_count;

	if (count >= UINT32_MAX || parent_count > UINT32_MAX)
		return KS_E_LIMIT;
	if (into->count == 0) {
		size_t hash_bytes = into->hash_bytes;

		ks_commits_release(into);
		*into = *from;
		if (hash_bytes)
			into->hash_bytes = hash_bytes;
		*from = (struct ks_commits){ .hash_bytes = from->hash_bytes };
		return KS_OK;
	}
	if (ks_array_reserve(
		    &into->list, &into->cap, count, sizeof(*into->list)) < 0 ||
		ks_array_reserve(&into->parents, &into->parent_cap,
			parent_count, sizeof(*into->parents)) < 0)
		return KS_E_NOMEM;
	if (!into->hash_bytes)
		into->hash_bytes = from->hash_bytes;
	move_all(into, from);
	ks_commits_release(from);
	return KS_OK;
}

void ks_commits_release(struct ks_commits *commits)
{
	size_t hash_bytes = commits->hash_bytes;

	free(commits->list);
	free(commits->parents);
	*commits = (struct ks_commits){ .hash_bytes = hash_bytes };
}

/* What follows "${field} " in the header of ${raw}. */
static bool find_field(
	struct ks_span *out, struct ks_span raw, const char *field)
{
	size_t n = strlen(field);
	struct ks_span line;

	while (ks_span_next_line(&raw, &line) && line.n > 0) {
		if (line.n > n && line.p[n] == ' ' &&
			memcmp(line.p, field, n) == 0) {
			*out = ks_span_cut(line, n + 1, line.n);
			return true;
		}
	}
	return false;
}

static struct ks_span trim(struct ks_span text)
{
	while (text.n && text.p[0] == ' ')
		text = ks_span_cut(text, 1, text.n);
	while (text.n && text.p[text.n - 1] == ' ')
		text.n--;
	return text;
}

/*
 * Take a run of digits from the front of ${rest}; the value stops at what an
 * int64_t can hold.
 */
static int64_t take_number(struct ks_span *rest, size_t *digits)
{
	int64_t value = 0;
	size_t n = 0;

	for (; n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9'; n++) {
		int digit = rest->p[n] - '0';

		if (value > (INT64_MAX - digit) / 10)
			value = INT64_MAX;
		else
			value = value * 10 + digit;
	}
	*rest = ks_span_cut(*rest, n, rest->n);
	*digits = n;
	return value;
}

static bool take_sign(struct ks_span *rest, bool *is_negative)
{
	if (!rest->n || (rest->p[0] != '+' && rest->p[0] != '-'))
		return false;
	*is_negative = rest->p[0] == '-';
	*rest = ks_span_cut(*rest, 1, rest->n);
	return true;
}

/* "+hhmm" -> minutes; 0 for what no clock shows. */
static int32_t parse_zone(struct ks_span text)
{
	bool is_negative;
	size_t digits;
	int64_t value;
	int32_t minutes;

	if (!take_sign(&text, &is_negative))
		return 0;
	value = take_number(&text, &digits);
	if (digits != 4 || text.n || value >= 2400 || value % 100 >= 60)
		return 0;
	minutes = (int32_t)(value / 100 * 60 + value % 100);
	return is_negative ? -minutes : minutes;
}

/* "time zone", either of which may be missing. */
static void parse_date(struct ks_signature *out, struct ks_span text)
{
	bool is_negative = false;
	size_t digits;
	int64_t value;

	text = trim(text);
	take_sign(&text, &is_negative);
	value = take_number(&text, &digits);
	if (!digits || (text.n && text.p[0] != ' '))
		return;
	out->time = is_negative ? -value : value;
	out->utc_offset = parse_zone(trim(text));
}

bool ks_signature_parse(
	struct ks_signature *out, struct ks_span raw, const char *field)
{
	struct ks_span text;
	const uint8_t *open, *close, *last;

	*out = (struct ks_signature){ 0 };
	if (!find_field(&text, raw, field))
		return false;
	open = memchr(text.p, '<', text.n);
	if (!open)
		return false;
	close = memchr(open, '>', text.n - (size_t)(open - text.p));
	if (!close)
		return false;
	/* An odd e-mail may hold a '>' of its own; the date never does. */
	last = memrchr(text.p, '>', text.n);
	out->name = trim(ks_span_cut(text, 0, (size_t)(open - text.p)));
	out->email = trim(ks_span_of(open + 1, (size_t)(close - open - 1)));
	parse_date(out, ks_span_cut(text, (size_t)(last + 1 - text.p), text.n));
	return true;
}

struct ks_span ks_message_of(struct ks_span raw)
{
	struct ks_span line;

	while (ks_span_next_line(&raw, &line)) {
		if (line.n == 0)
			return raw;
	}
	return ks_span_of(NULL, 0);
}
