/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept between scans: organisations, their repositories, tips. */
#include "store/state.h"

#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ks_state_open(struct ks_state **out, const char *path, bool may_make,
	struct ks_err *err)
{
	struct ks_state *state = calloc(1, sizeof(*state));
	int rc;

	*out = NULL;
	if (!state)
		return ks_fail_nomem(err);
	rc = ks_db_open(&state->db, path, may_make, err);
	if (rc == KS_OK)
		rc = ks_schema_prepare(&state->db, err);
	if (rc < 0)
		ks_state_close(state);
	else
		*out = state;
	return rc;
}

void ks_state_close(struct ks_state *state)
{
	if (!state)
		return;
	ks_db_close(&state->db);
	free(state);
}

int ks_state_begin(struct ks_state *state, struct ks_err *err)
{
	return ks_db_begin(&state->db, err);
}

int ks_state_end(struct ks_state *state, int rc, struct ks_err *err)
{
	return ks_db_end(&state->db, rc, err);
}

/* The first column of the first row, or KS_E_NOTFOUND without a message. */
static int take_number(struct ks_query *query, int rc, int64_t *out)
{
	if (rc == KS_OK)
		rc = ks_query_next(query);
	if (rc > 0)
		*out = ks_query_number(query, 0);
	ks_query_end(query);
	return rc > 0 ? KS_OK : rc < 0 ? rc : KS_E_NOTFOUND;
}

static int find_organisation(struct ks_state *state, const char *name,
	int64_t *id, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT id FROM organisations WHERE name = ?", "t", name);

	return take_number(&query, rc, id);
}

int ks_state_organisation(struct ks_state *state, const char *name,
	bool may_make, int64_t *id, struct ks_err *err)
{
	int rc = KS_OK;

	if (may_make)
		rc = ks_db_run(&state->db, err,
			"INSERT INTO organisations (name) VALUES (?)"
			" ON CONFLICT (name) DO NOTHING",
			"t", name);
	if (rc == KS_OK)
		rc = find_organisation(state, name, id, err);
	if (rc == KS_E_NOTFOUND)
		return ks_fail(err, rc,
			"there is no organisation '%s' in '%s': 'keysieve org "
			"add %s SOURCE' makes it",
			name, state->db.path, name);
	return rc;
}

int ks_state_add_source(struct ks_state *state, int64_t organisation,
	const char *text, const char *options, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"INSERT INTO sources (organisation, text, options)"
		" VALUES (?, ?, ?) ON CONFLICT (organisation, text)"
		" DO UPDATE SET options = excluded.options",
		"itl", organisation, text, options);
}

int ks_state_remove_source(struct ks_state *state, int64_t organisation,
	const char *text, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"DELETE FROM sources WHERE organisation = ? AND text = ?"
		" RETURNING text",
		"it", organisation, text);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	ks_query_end(&query);
	if (rc == 0)
		return ks_fail(err, KS_E_NOTFOUND,
			"'%s' is no source of this organisation: 'keysieve "
			"org sources' tells which there are",
			text);
	return rc < 0 ? rc : KS_OK;
}

/* Tell ${each} of the texts of all rows. */
static int each_text(struct ks_query *query, int rc,
	int (*each)(void *payload, const char *text, struct ks_err *err),
	void *payload)
{
	while (rc == KS_OK && (rc = ks_query_next(query)) > 0)
		rc = each(payload, ks_query_text(query, 0), query->err);
	ks_query_end(query);
	return rc;
}

int ks_state_sources(struct ks_state *state, int64_t organisation,
	int (*each)(void *payload, const char *text, const char *options,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT text, options FROM sources WHERE organisation = ?"
		" ORDER BY text",
		"i", organisation);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0)
		rc = each(payload, ks_query_text(&query, 0),
			ks_query_text(&query, 1), err);
	ks_query_end(&query);
	return rc;
}

int ks_state_begin_scan(struct ks_state *state, int64_t organisation,
	int64_t now, int64_t *scan, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"INSERT INTO scans (organisation, begun) VALUES (?, ?)"
		" RETURNING id",
		"ii", organisation, now);

	return take_number(&query, rc, scan);
}

int ks_state_end_scan(
	struct ks_state *state, int64_t scan, int64_t now, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE scans SET ended = ? WHERE id = ?", "ii", now, scan);
}

static int find_repository(struct ks_state *state, int64_t organisation,
	const char *name, const char *place, struct ks_state_repository *out,
	bool *has_moved, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT id, revision, scanned, refs, rules, error, place"
		" FROM repositories WHERE organisation = ? AND name = ?",
		"it", organisation, name);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		out->id = ks_query_number(&query, 0);
		out->revision = ks_query_number(&query, 1);
		out->scanned = ks_query_number(&query, 2);
		snprintf(out->refs, sizeof(out->refs), "%s",
			ks_query_text(&query, 3));
		snprintf(out->rules, sizeof(out->rules), "%s",
			ks_query_text(&query, 4));
		out->has_error = ks_query_text(&query, 5)[0] != '\0';
		*has_moved = strcmp(ks_query_text(&query, 6), place) != 0;
	}
	ks_query_end(&query);
	return rc > 0 ? KS_OK : rc < 0 ? rc : KS_E_NOTFOUND;
}

int ks_state_repository(struct ks_state *state, int64_t organisation,
	const char *name, const char *place, struct ks_state_repository *out,
	struct ks_err *err)
{
	bool has_moved = false;
	int rc;

	*out = (struct ks_state_repository){ 0 };
	rc = find_repository(
		state, organisation, name, place, out, &has_moved, err);
	if (rc == KS_OK && has_moved)
		return ks_db_run(&state->db, err,
			"UPDATE repositories SET place = ? WHERE id = ?", "ti",
			place, out->id);
	if (rc != KS_E_NOTFOUND)
		return rc;
	rc = ks_db_run(&state->db, err,
		"INSERT INTO repositories (organisation, name, place)"
		" VALUES (?, ?, ?) ON CONFLICT (organisation, name) DO NOTHING",
		"itt", organisation, name, place);
	if (rc == KS_OK)
		rc = find_repository(
			state, organisation, name, place, out, &has_moved, err);
	return rc;
}

int ks_state_set_error(struct ks_state *state, int64_t repository,
	const char *error, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET error = ? WHERE id = ?", "ti", error,
		repository);
}

int ks_state_set_error_at(struct ks_state *state, int64_t organisation,
	const char *place, const char *error, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET error = ?"
		" WHERE organisation = ? AND place = ?",
		"tit", error, organisation, place);
}

int ks_state_is_current(struct ks_state *state,
	const struct ks_state_repository *known, bool *is_current,
	struct ks_err *err)
{
	struct ks_query query;
	int64_t revision = -1;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT revision FROM repositories WHERE id = ?", "i",
		known->id);

	rc = take_number(&query, rc, &revision);
	*is_current = revision == known->revision;
	return rc == KS_E_NOTFOUND ? KS_OK : rc;
}

/* What refs lead to in a repository, and in the forks scanned with it. */
static int count_live(
	struct ks_state *state, int64_t repository, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET live = (SELECT count(DISTINCT finding)"
		" FROM places WHERE repository = ? AND gone = 0 AND member ="
		" CASE repositories.main WHEN 0 THEN '' ELSE repositories.place"
		" END) WHERE id = ? OR main = ?",
		"iii", repository, repository, repository);
}

int ks_state_set_scanned(struct ks_state *state,
	const struct ks_state_repository *now, const char *const *tips,
	size_t count, const char *lacking, struct ks_err *err)
{
	int rc = ks_db_run(&state->db, err,
		"UPDATE repositories SET refs = ?, rules = ?, revision = ?,"
		" scanned = ?, error = '', lacking = ?, listing = ''"
		" WHERE id = ?",
		"ttiiti", now->refs, now->rules, now->revision, now->scanned,
		lacking, now->id);

	if (rc == KS_OK)
		rc = count_live(state, now->id, err);
	if (rc == KS_OK)
		rc = ks_db_run(&state->db, err,
			"DELETE FROM tips WHERE repository = ?", "i", now->id);
	for (size_t i = 0; rc == KS_OK && i < count; i++)
		rc = ks_db_run(&state->db, err,
			"INSERT INTO tips (repository, oid) VALUES (?, ?)"
			" ON CONFLICT (repository, oid) DO NOTHING",
			"it", now->id, tips[i]);
	return rc;
}

int ks_state_tips(struct ks_state *state, int64_t repository,
	int (*each)(void *payload, const char *oid, struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT oid FROM tips WHERE repository = ? ORDER BY oid", "i",
		repository);

	return each_text(&query, rc, each, payload);
}

int ks_state_standings(struct ks_state *state, int64_t organisation,
	int (*each)(void *payload, const struct ks_state_standing *standing,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		/* A fork is scanned with another. */
		"SELECT r.name, r.place, r.error, r.lacking,"
		" CASE r.main WHEN 0 THEN r.scanned"
		" ELSE coalesce(m.scanned, 0) END, r.live"
		" FROM repositories r LEFT JOIN repositories m"
		" ON m.id = r.main WHERE r.organisation = ?"
		" ORDER BY r.place, r.id",
		"i", organisation);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		struct ks_state_standing standing = {
			.name = ks_query_text(&query, 0),
			.place = ks_query_text(&query, 1),
			.error = ks_query_text(&query, 2),
			.lacking = ks_query_text(&query, 3),
			.scanned = ks_query_number(&query, 4),
			.live = (uint64_t)ks_query_number(&query, 5),
		};

		rc = each(payload, &standing, err);
	}
	ks_query_end(&query);
	return rc;
}
