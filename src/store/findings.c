/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of an organisation over time, and who dismissed them. */
#include "store/findings.h"

#include "base/buf.h"
#include "store/key.h"

#include <stdio.h>
#include <string.h>

void ks_findings_name(const struct ks_state *state, const char *fingerprint,
	char out[KS_STATE_DIGEST])
{
	if (state->has_key)
		ks_store_key_hash(&state->key, fingerprint, out);
	else
		snprintf(out, KS_STATE_DIGEST, "%s", fingerprint);
}

/* What was known of a finding; KS_E_NOTFOUND without a message: nothing. */
static int look_up(struct ks_state *state, int64_t organisation,
	const char *fingerprint, int64_t *id, bool *was_live,
	struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT id, EXISTS (SELECT 1 FROM places"
		" WHERE finding = findings.id AND gone = 0)"
		" FROM findings WHERE organisation = ? AND fingerprint = ?",
		"it", organisation, fingerprint);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		*id = ks_query_number(&query, 0);
		*was_live = ks_query_number(&query, 1) != 0;
	}
	ks_query_end(&query);
	return rc > 0 ? KS_OK : rc < 0 ? rc : KS_E_NOTFOUND;
}

static int insert(struct ks_state *state, int64_t organisation, int64_t now,
	const char *name, const struct ks_findings_entry *entry, int64_t *id,
	struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"INSERT INTO findings (organisation, fingerprint, rule,"
		" rule_name, rotate, redacted, sealed, confidence, first_seen,"
		" last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" RETURNING id",
		"itttttlrii", organisation, name, entry->rule, entry->rule_name,
		entry->rotate, entry->redacted,
		entry->sealed ? entry->sealed : "", entry->confidence, now,
		now);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0)
		*id = ks_query_number(&query, 0);
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_findings_put(struct ks_state *state, int64_t organisation, int64_t now,
	const struct ks_findings_entry *entry, bool is_live, int64_t *id,
	struct ks_err *err)
{
	char name[KS_STATE_DIGEST];
	bool was_live = false;
	int rc;

	ks_findings_name(state, entry->fingerprint, name);
	rc = look_up(state, organisation, name, id, &was_live, err);
	if (rc == KS_E_NOTFOUND)
		return insert(state, organisation, now, name, entry, id, err);
	if (rc == KS_OK)
		rc = ks_db_run(&state->db, err,
			"UPDATE findings SET last_seen = ?, confidence = ?,"
			" redacted = ? WHERE id = ?",
			"irti", now, entry->confidence, entry->redacted, *id);
	if (rc == KS_OK && entry->sealed && entry->sealed[0])
		rc = ks_db_run(&state->db, err,
			"UPDATE findings SET sealed = ? WHERE id = ?", "li",
			entry->sealed, *id);
	if (rc == KS_OK && is_live && !was_live)
		rc = ks_db_run(&state->db, err,
			"UPDATE findings SET is_told = 0 WHERE id = ?", "i",
			*id);
	return rc;
}

int ks_findings_put_place(struct ks_state *state, int64_t id,
	int64_t repository, int64_t revision,
	const struct ks_findings_place *place, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"INSERT INTO places (finding, repository, path, blob, line,"
		" commit_id, author, email, time, in_head, gone, seen, member)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (finding, repository, path, blob, line)"
		" DO UPDATE SET commit_id = excluded.commit_id,"
		" author = excluded.author, email = excluded.email,"
		" time = excluded.time, in_head = excluded.in_head,"
		" gone = excluded.gone, seen = excluded.seen,"
		" member = excluded.member",
		"iittitttiiiit", id, repository, place->path, place->blob,
		place->line, place->commit, place->author, place->email,
		place->time, (int64_t)place->in_head, (int64_t)place->gone,
		revision, place->member ? place->member : "");
}

int ks_findings_leave(struct ks_state *state, int64_t repository,
	int64_t revision, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE places SET gone = 1, in_head = 0"
		" WHERE repository = ? AND gone = 0 AND seen <> ?",
		"ii", repository, revision);
}

int ks_findings_places(struct ks_state *state, int64_t repository,
	int (*each)(void *payload, const struct ks_findings_place *place,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT p.id, f.fingerprint, p.path, p.blob, p.in_head,"
		" p.head_blob FROM places p JOIN findings f ON f.id = p.finding"
		" WHERE p.repository = ? AND p.gone = 0 AND p.blob <> ''"
		" ORDER BY p.path, p.id",
		"i", repository);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		struct ks_findings_place place = {
			.id = ks_query_number(&query, 0),
			.fingerprint = ks_query_text(&query, 1),
			.path = ks_query_text(&query, 2),
			.blob = ks_query_text(&query, 3),
			.in_head = ks_query_number(&query, 4) != 0,
			.head_blob = ks_query_text(&query, 5),
		};

		rc = each(payload, &place, err);
	}
	ks_query_end(&query);
	return rc;
}

int ks_findings_set_head(struct ks_state *state, int64_t id, bool in_head,
	const char *head_blob, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE places SET in_head = ?, head_blob = ? WHERE id = ?",
		"iti", (int64_t)in_head, head_blob, id);
}

int ks_findings_members(struct ks_state *state, int64_t repository,
	int (*each)(void *payload, int64_t id, const char *commit,
		const char *member, struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT id, commit_id, member FROM places"
		" WHERE repository = ? AND gone = 0",
		"i", repository);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0)
		rc = each(payload, ks_query_number(&query, 0),
			ks_query_text(&query, 1), ks_query_text(&query, 2),
			err);
	ks_query_end(&query);
	return rc;
}

int ks_findings_set_member(struct ks_state *state, int64_t id,
	const char *member, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE places SET member = ? WHERE id = ?", "ti", member, id);
}

int ks_findings_expire(struct ks_state *state, int64_t organisation,
	const char *today, struct ks_err *err)
{
	int rc = ks_db_run(&state->db, err,
		"UPDATE findings SET is_told = 0 WHERE organisation = ?"
		" AND fingerprint IN (SELECT fingerprint FROM dismissals"
		" WHERE organisation = ? AND is_over = 0 AND until <> ''"
		" AND until < ?) AND EXISTS (SELECT 1 FROM places"
		" WHERE finding = findings.id AND gone = 0)",
		"iit", organisation, organisation, today);

	if (rc < 0)
		return rc;
	return ks_db_run(&state->db, err,
		"UPDATE dismissals SET is_over = 1 WHERE organisation = ?"
		" AND is_over = 0 AND until <> '' AND until < ?",
		"it", organisation, today);
}

int ks_findings_claim(struct ks_state *state, int64_t organisation,
	int64_t scan, int64_t now, struct ks_err *err)
{
	int64_t patience = KS_FINDINGS_PATIENCE;

	/* A clock that was set back makes nobody wait. */
	return ks_db_run(&state->db, err,
		"UPDATE findings SET new_in = ?, is_told = 2"
		" WHERE organisation = ? AND is_told IN (0, 2)"
		" AND (is_told = 0 OR new_in IN (SELECT id FROM scans"
		" WHERE organisation = ? AND ended NOT BETWEEN ? AND ?))",
		"iiiii", scan, organisation, organisation, now - patience,
		now + patience);
}

int ks_findings_told(
	struct ks_state *state, int64_t scan, bool is_told, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE findings SET is_told = ?"
		" WHERE new_in = ? AND is_told = 2",
		"ii", (int64_t)is_told, scan);
}

/* Of few findings each is looked up: a join of all may be chosen for those. */
#define DISMISSAL                                                              \
	" (SELECT max(id) FROM dismissals WHERE organisation = f.organisation" \
	" AND fingerprint = f.fingerprint AND is_over = 0"                     \
	" AND (until = '' OR until >= ?))"
/* What is told of findings, each with one of its places. */
#define SELECT(from)                                                           \
	"SELECT f.fingerprint, f.rule, f.rule_name, f.rotate, f.redacted,"     \
	" f.confidence, f.first_seen, f.last_seen, f.new_in,"                  \
	" p.path, p.blob, p.line, p.commit_id, p.author, p.email, p.time,"     \
	" p.in_head, p.gone,"                                                  \
	" CASE p.member WHEN '' THEN r.place ELSE p.member END,"               \
	" d.id, d.who, d.why, d.until,"                                        \
	" (SELECT count(*) FROM places WHERE finding = f.id), f.sealed, f.id"  \
	" FROM" from " JOIN repositories r ON r.id = p.repository"             \
	" LEFT JOIN dismissals d ON d.id =" DISMISSAL                          \
	" WHERE (? = '' OR f.rule = ?)"                                        \
	" AND f.confidence >= ? AND f.first_seen >= ?"
#define LIST                                                                   \
	SELECT(" findings f JOIN places p ON p.id = (SELECT id FROM places"    \
	       " WHERE finding = f.id"                                         \
	       " ORDER BY gone, in_head DESC, time, id LIMIT 1)")
#define IS_NEW " AND f.organisation = ? AND f.new_in = ? AND d.id IS NULL"
/* To go by an index to all rows of a table takes ten times as long. */
#define IS_ANY " AND +f.organisation = ?"
#define IS_CALLED(place)                                                       \
	" ('/' || lower(" place ") LIKE '%/' || lower(?) ESCAPE '!'"           \
	" OR '/' || lower(" place ") LIKE '%/' || lower(?) || '.git'"          \
	" ESCAPE '!')"
/* A fork's places are with the one that it is scanned with. */
#define IS_NEAR                                                                \
	" q.repository IN (SELECT CASE main WHEN 0 THEN id ELSE main END"      \
	" FROM repositories WHERE" IS_CALLED("place") ")"
#define PLACE " CASE q.member WHEN '' THEN s.place ELSE q.member END"
/* The places of the repositories that are meant, which are few. */
#define PLACES                                                                 \
	" (SELECT q.*, row_number() OVER (PARTITION BY q.finding"              \
	" ORDER BY q.gone, q.in_head DESC, q.time, q.id) AS nth"               \
	" FROM places q JOIN repositories s ON s.id = q.repository"            \
	" WHERE" IS_NEAR " AND" IS_CALLED(PLACE) ")"
#define LIST_OF                                                                \
	SELECT(PLACES " p JOIN findings f ON f.id = p.finding AND p.nth = 1")
#define ORDER " ORDER BY r.place, p.path, p.line, f.id"

/* The last scan of the organisation that came to its end. */
static int find_last(struct ks_state *state, int64_t organisation,
	int64_t *scan, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT max(id) FROM scans WHERE organisation = ?"
		" AND ended > 0",
		"i", organisation);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	/* Of none nothing is new; what has no scan is not told of yet. */
	*scan = rc > 0 ? ks_query_number(&query, 0) : 0;
	if (*scan == 0)
		*scan = -1;
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

static void take_row(
	struct ks_findings_row *row, struct ks_query *query, int64_t scan)
{
	*row = (struct ks_findings_row){
		.id = ks_query_number(query, 25),
		.entry = { .fingerprint = ks_query_text(query, 0),
			.rule = ks_query_text(query, 1),
			.rule_name = ks_query_text(query, 2),
			.rotate = ks_query_text(query, 3),
			.redacted = ks_query_text(query, 4),
			.sealed = ks_query_text(query, 24),
			.confidence = ks_query_real(query, 5) },
		.first_seen = ks_query_number(query, 6),
		.last_seen = ks_query_number(query, 7),
		.is_new = scan > 0 && ks_query_number(query, 8) == scan,
		.place = { .path = ks_query_text(query, 9),
			.blob = ks_query_text(query, 10),
			.line = ks_query_number(query, 11),
			.commit = ks_query_text(query, 12),
			.author = ks_query_text(query, 13),
			.email = ks_query_text(query, 14),
			.time = ks_query_number(query, 15),
			.in_head = ks_query_number(query, 16) != 0,
			.head_blob = "" },
		.is_gone = ks_query_number(query, 17) != 0,
		.repository = ks_query_text(query, 18),
		.is_dismissed = ks_query_number(query, 19) != 0,
		.who = ks_query_text(query, 20),
		.why = ks_query_text(query, 21),
		.until = ks_query_text(query, 22),
		.place_count = ks_query_number(query, 23),
	};
	row->place.fingerprint = row->entry.fingerprint;
	row->place.gone = row->is_gone;
}

/* ${glob}, with '*' and '?', as LIKE has it. */
static int like_of(struct ks_buf *out, const char *glob)
{
	int rc = KS_OK;

	for (const char *p = glob; rc == KS_OK && *p; p++) {
		if (strchr("%_!", *p))
			rc = ks_buf_add_byte(out, '!');
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, *p == '*'   ? '%'
						  : *p == '?' ? '_'
							      : (uint8_t)*p);
	}
	return rc == KS_OK && ks_buf_str(out) ? KS_OK : KS_E_NOMEM;
}

/* ${like} is borrowed until the query ends. */
static int begin_list(struct ks_query *query, struct ks_state *state,
	const struct ks_findings_query *wish, const char *like, int64_t scan,
	struct ks_err *err)
{
	const char *rule = wish->rule ? wish->rule : "";
	bool is_new = wish->scan || wish->only_new;

	if (wish->repository)
		return ks_query_begin_long(query, &state->db, err,
			is_new ? LIST_OF IS_NEW ORDER : LIST_OF IS_ANY ORDER,
			is_new ? "tttttttriii" : "tttttttrii", like, like, like,
			like, wish->today, rule, rule, wish->min_confidence,
			wish->since, wish->organisation, scan);
	return ks_query_begin_long(query, &state->db, err,
		is_new ? LIST IS_NEW ORDER : LIST IS_ANY ORDER,
		is_new ? "tttriii" : "tttrii", wish->today, rule, rule,
		wish->min_confidence, wish->since, wish->organisation, scan);
}

int ks_findings_list(struct ks_state *state,
	const struct ks_findings_query *wish,
	int (*each)(void *payload, const struct ks_findings_row *row,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query = { .err = err };
	struct ks_findings_row row;
	struct ks_buf like = { 0 };
	int64_t scan = wish->scan;
	int rc = KS_OK;

	if (like_of(&like, wish->repository ? wish->repository : "") < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK && !scan)
		rc = find_last(state, wish->organisation, &scan, err);
	if (rc == KS_OK)
		rc = begin_list(
			&query, state, wish, (const char *)like.p, scan, err);
	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		take_row(&row, &query, scan);
		rc = each(payload, &row, err);
	}
	ks_query_end(&query);
	ks_buf_release(&like);
	return rc;
}

int ks_findings_count(struct ks_state *state, int64_t organisation,
	const char *today, struct ks_findings_counts *out, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT count(d), count(CASE WHEN d IS NULL AND life = 2"
		" THEN 1 END), count(*) FROM (SELECT life," DISMISSAL " AS d"
		" FROM findings f WHERE +organisation = ?) AS all_of_them",
		"ti", today, organisation);

	*out = (struct ks_findings_counts){ 0 };
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		out->dismissed = ks_query_number(&query, 0);
		out->gone = ks_query_number(&query, 1);
		out->open =
			ks_query_number(&query, 2) - out->dismissed - out->gone;
	}
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_findings_places_of(struct ks_state *state, int64_t id, int64_t max,
	int (*each)(void *payload, const struct ks_findings_place *place,
		const char *repository, struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT p.path, p.blob, p.line, p.commit_id, p.author,"
		" p.email, p.time, p.in_head, p.gone,"
		" CASE p.member WHEN '' THEN r.place ELSE p.member END"
		" FROM places p JOIN repositories r ON r.id = p.repository"
		" WHERE p.finding = ?"
		" ORDER BY p.gone, p.in_head DESC, p.time, p.id LIMIT ?",
		"ii", id, max);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		struct ks_findings_place place = {
			.path = ks_query_text(&query, 0),
			.blob = ks_query_text(&query, 1),
			.line = ks_query_number(&query, 2),
			.commit = ks_query_text(&query, 3),
			.author = ks_query_text(&query, 4),
			.email = ks_query_text(&query, 5),
			.time = ks_query_number(&query, 6),
			.in_head = ks_query_number(&query, 7) != 0,
			.gone = ks_query_number(&query, 8) != 0,
		};

		rc = each(payload, &place, ks_query_text(&query, 9), err);
	}
	ks_query_end(&query);
	return rc;
}

/* How many begin so, two at most. */
static int find_prefix(struct ks_state *state, int64_t organisation,
	const char *prefix, char out[KS_STATE_DIGEST], int *count,
	struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT fingerprint FROM findings WHERE organisation = ?"
		" AND fingerprint >= ? AND fingerprint < ? || 'g'"
		" ORDER BY fingerprint LIMIT 2",
		"itt", organisation, prefix, prefix);

	*count = 0;
	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		snprintf(out, KS_STATE_DIGEST, "%s", ks_query_text(&query, 0));
		++*count;
		rc = KS_OK;
	}
	ks_query_end(&query);
	return rc;
}

int ks_findings_find(struct ks_state *state, int64_t organisation,
	const char *prefix, char out[KS_STATE_DIGEST], struct ks_err *err)
{
	char name[KS_STATE_DIGEST];
	int count = 0;
	int rc = find_prefix(state, organisation, prefix, out, &count, err);

	if (rc == KS_OK && count == 0 &&
		strlen(prefix) == KS_STATE_DIGEST - 1) {
		ks_findings_name(state, prefix, name);
		rc = find_prefix(state, organisation, name, out, &count, err);
	}
	if (rc < 0)
		return rc;
	if (count == 0)
		return ks_fail(err, KS_E_NOTFOUND,
			"there is no finding '%.80s': 'keysieve org findings' "
			"tells which there are",
			prefix);
	if (count > 1)
		return ks_fail(err, KS_E_USAGE,
			"several findings begin with '%.80s': give more digits",
			prefix);
	return KS_OK;
}

int ks_findings_dismiss(struct ks_state *state, int64_t organisation,
	const struct ks_findings_dismissal *dismissal, struct ks_err *err)
{
	int rc = ks_findings_reopen(
		state, organisation, dismissal->fingerprint, err);

	if (rc < 0 && rc != KS_E_NOTFOUND)
		return rc;
	return ks_db_run(&state->db, err,
		"INSERT INTO dismissals (organisation, fingerprint, who, why,"
		" until, made) VALUES (?, ?, ?, ?, ?, ?)",
		"itttti", organisation, dismissal->fingerprint, dismissal->who,
		dismissal->why, dismissal->until, dismissal->made);
}

int ks_findings_reopen(struct ks_state *state, int64_t organisation,
	const char *fingerprint, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"UPDATE dismissals SET is_over = 1 WHERE organisation = ?"
		" AND fingerprint = ? AND is_over = 0 RETURNING id",
		"it", organisation, fingerprint);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	ks_query_end(&query);
	if (rc != 0)
		return rc < 0 ? rc : KS_OK;
	return ks_fail(
		err, KS_E_NOTFOUND, "'%.80s' is not dismissed", fingerprint);
}
