/* SPDX-License-Identifier: Apache-2.0 */
/* What git tells its hooks on standard input: githooks(5). */
#include "cli/updates.h"

#include "base/array.h"
#include "base/oid.h"
#include "cli/input.h"

#include <stdlib.h>

enum {
	FIELDS_MAX = 4,
	INPUT_MAX = 256 << 20 /* bytes: a million refs */
};

static bool is_id(struct ks_span text)
{
	struct ks_oid oid;

	return (text.n == 2 * KS_OID_SHA1 || text.n == 2 * KS_OID_SHA256) &&
	       ks_oid_parse(&oid, (const char *)text.p, text.n / 2);
}

static bool is_zero(const char *id)
{
	return id[strspn(id, "0")] == '\0';
}

/*
 * Split ${line} at its last ${count} - 1 spaces: a local ref is told as it
 * was given, and "HEAD@{1 day ago}" has spaces.
 */
static bool split(struct ks_span line, struct ks_span *fields, size_t count)
{
	for (size_t i = count; i-- > 1;) {
		const uint8_t *space =
			line.n ? memrchr(line.p, ' ', line.n) : NULL;
		size_t at;

		if (!space)
			return false;
		at = (size_t)(space - line.p);
		fields[i] = ks_span_cut(line, at + 1, line.n);
		line = ks_span_cut(line, 0, at);
	}
	fields[0] = line;
	return true;
}

static int add(struct ks_updates *updates, struct ks_span name,
	struct ks_span local, struct ks_span old_id, struct ks_span new_id)
{
	struct ks_ref_update update = {
		.name = ks_arena_copy(&updates->arena, name),
		.local = ks_arena_copy(&updates->arena, local),
		.old_id = ks_arena_copy(&updates->arena, old_id),
		.new_id = ks_arena_copy(&updates->arena, new_id),
	};

	if (!update.name || !update.local || !update.old_id || !update.new_id ||
		ks_array_reserve(&updates->list, &updates->cap,
			updates->count + 1, sizeof(update)) < 0)
		return KS_E_NOMEM;
	updates->list[updates->count++] = update;
	updates->has_new |= !is_zero(update.new_id) &&
			    strcmp(update.new_id, update.old_id) != 0;
	return KS_OK;
}

static int parse_line(struct ks_updates *updates, struct ks_span line,
	enum ks_updates_form form, size_t number, struct ks_err *err)
{
	struct ks_span fields[FIELDS_MAX];
	bool is_push = form == KS_UPDATES_PRE_PUSH;
	struct ks_span name, old_id, new_id;
	bool is_right = split(line, fields, is_push ? 4 : 3);

	if (is_right) {
		name = fields[2];
		old_id = is_push ? fields[3] : fields[0];
		new_id = fields[1];
		is_right = name.n && is_id(old_id) && is_id(new_id);
	}
	if (!is_right)
		return ks_fail(err, KS_E_CORRUPT,
			"line %zu of standard input is not what git tells a "
			"hook: '%s'",
			number,
			is_push ? "<local ref> <local oid> <remote ref> "
				  "<remote oid>"
				: "<old oid> <new oid> <ref>");
	return add(updates, name, is_push ? fields[0] : ks_span_str(""), old_id,
		       new_id) < 0
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

int ks_updates_parse(struct ks_updates *updates, struct ks_span text,
	enum ks_updates_form form, struct ks_err *err)
{
	struct ks_span line;
	int rc = KS_OK;

	for (size_t number = 1; rc == KS_OK && ks_span_next_line(&text, &line);
		number++)
		rc = parse_line(updates, line, form, number, err);
	return rc;
}

int ks_updates_read(struct ks_updates *updates, int fd,
	enum ks_updates_form form, const volatile int *cancel,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_input_read(&text, fd, INPUT_MAX, cancel, err);

	if (rc == KS_OK)
		rc = ks_updates_parse(updates, ks_buf_span(&text), form, err);
	ks_buf_release(&text);
	return rc;
}

void ks_updates_release(struct ks_updates *updates)
{
	free(updates->list);
	ks_arena_release(&updates->arena);
	*updates = (struct ks_updates){ 0 };
}
