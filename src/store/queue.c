/* SPDX-License-Identifier: Apache-2.0 */
/* Repositories that scans want looked at, for whoever has time. */
#include "store/queue.h"

#include "store/schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/*
 * Leases that ended without a word are counted in tries: lease.h. What is too
 * far ahead was written by a clock that was wrong.
 */
#define PAUSE                                                                  \
	" CASE tries WHEN 3 THEN 3600 WHEN 4 THEN 7200 WHEN 5 THEN 14400"      \
	" WHEN 6 THEN 28800 WHEN 7 THEN 57600 ELSE 86400 END"
#define IS_POISONED                                                            \
	" (tries >= 3 AND lease_until <= ? AND lease_until + " PAUSE " > ?)"
/* Of hosts whose clocks differ by five minutes neither takes the other's. */
#define IS_FREE " (lease_by = '' OR lease_until <= ? OR lease_until - 330 > ?)"

static_assert(KS_LEASE_TRIES == 3 && KS_LEASE_PAUSE == 3600 &&
		      KS_LEASE_PAUSE_MAX == 86400 && KS_LEASE_SECONDS == 30,
	"as in the statements here");

/* A member's own places, if it had some, are those of all from now on. */
static int set_main(struct ks_state *state, int64_t id, int64_t main,
	int64_t scanned, struct ks_err *err)
{
	int rc = KS_OK;

	if (main && scanned)
		rc = ks_db_run(&state->db, err,
			"UPDATE places SET gone = 1, in_head = 0"
			" WHERE repository = ? AND gone = 0",
			"i", id);
	return rc == KS_OK ? ks_db_run(&state->db, err,
				     "UPDATE repositories SET main = ?,"
				     " refs = '', rules = '', scanned = 0,"
				     " live = 0 WHERE id = ? AND main <> ?",
				     "iii", main, id, main)
			   : rc;
}

int ks_queue_enter(struct ks_state *state, int64_t organisation, int64_t scan,
	const char *rules, const struct ks_queue_item *item, int64_t *id,
	struct ks_err *err)
{
	struct ks_state_repository known;
	int rc = ks_state_repository(
		state, organisation, item->name, item->place, &known, err);

	*id = known.id;
	if (rc == KS_OK)
		rc = set_main(state, known.id, item->main, known.scanned, err);
	return rc == KS_OK
		       ? ks_db_run(&state->db, err,
				 "UPDATE repositories SET mirror = ?,"
				 " source = ?, host = ?, size = ?,"
				 " is_network = ?, is_optional = ?,"
				 " wanted = ?, wanted_rules = ? WHERE id = ?",
				 "tttiiiiti", item->mirror, item->source,
				 item->host, item->size,
				 (int64_t)item->is_network,
				 (int64_t)item->is_optional, scan, rules,
				 known.id)
		       : rc;
}

/* Who takes, when, and what may be taken. */
#define TAKE(lock)                                                             \
	"UPDATE repositories SET lease_by = ?, lease_until = ?,"               \
	" tries = tries + 1 WHERE id = (SELECT id FROM repositories"           \
	" WHERE wanted > 0 AND main = 0 AND (? = 0 OR organisation = ?)"       \
	" AND wanted_rules = ? AND (host = '' OR host = ?)"                    \
	" AND" IS_FREE " AND NOT" IS_POISONED                                  \
	" ORDER BY size DESC, id LIMIT 1" lock ")"                             \
	" RETURNING id, organisation, wanted, name, place, mirror, source,"    \
	" host, size, is_network, is_optional, revision, scanned, refs, "      \
	"rules,"                                                               \
	" error, listing"

static char *copy(struct ks_arena *arena, struct ks_query *query, int at)
{
	return ks_arena_copy(arena, ks_span_str(ks_query_text(query, at)));
}

static int take_job(struct ks_queue_job *out, struct ks_query *query,
	struct ks_arena *arena)
{
	struct ks_state_repository *known = &out->known;

	*out = (struct ks_queue_job){
		.organisation = ks_query_number(query, 1),
		.scan = ks_query_number(query, 2),
		.item = { .name = copy(arena, query, 3),
			.place = copy(arena, query, 4),
			.mirror = copy(arena, query, 5),
			.source = copy(arena, query, 6),
			.host = copy(arena, query, 7),
			.size = ks_query_number(query, 8),
			.is_network = ks_query_number(query, 9) != 0,
			.is_optional = ks_query_number(query, 10) != 0 },
		.listing = copy(arena, query, 16),
		.known = { .id = ks_query_number(query, 0),
			.revision = ks_query_number(query, 11),
			.scanned = ks_query_number(query, 12),
			.has_error = ks_query_text(query, 15)[0] != '\0' },
	};
	snprintf(known->refs, sizeof(known->refs), "%s",
		ks_query_text(query, 13));
	snprintf(known->rules, sizeof(known->rules), "%s",
		ks_query_text(query, 14));
	return out->item.name && out->item.place && out->item.mirror &&
			       out->item.source && out->item.host &&
			       out->listing
		       ? KS_OK
		       : KS_E_NOMEM;
}

int ks_queue_take(struct ks_state *state, const struct ks_queue_worker *worker,
	struct ks_arena *arena, struct ks_queue_job *out, struct ks_err *err)
{
	struct ks_query query;
	int64_t now = worker->now;
	/* What is done already can be written down; more is the newer one's. */
	int rc = ks_schema_check(&state->db, err);

	if (rc < 0)
		return rc;
	rc = ks_query_begin(&query, &state->db, err,
		/* SQLite has one writer anyway, and no words for this. */
		state->db.postgres ? TAKE(" FOR UPDATE SKIP LOCKED") : TAKE(""),
		"tiiittiiii", worker->holder, now + KS_LEASE_SECONDS,
		worker->organisation, worker->organisation, worker->rules,
		worker->host, now, now, now, now);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0 && take_job(out, &query, arena) < 0)
		rc = ks_fail_nomem(err);
	ks_query_end(&query);
	return rc > 0 ? KS_OK : rc < 0 ? rc : KS_E_NOTFOUND;
}

int ks_queue_members(struct ks_state *state, const struct ks_queue_job *job,
	int (*each)(void *payload, int64_t id, const struct ks_queue_item *item,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT id, name, place, mirror, source, is_optional"
		" FROM repositories WHERE main = ? AND wanted > 0"
		" ORDER BY name",
		"i", job->known.id);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		struct ks_queue_item item = {
			.name = ks_query_text(&query, 1),
			.place = ks_query_text(&query, 2),
			.mirror = ks_query_text(&query, 3),
			.source = ks_query_text(&query, 4),
			.host = "",
			.main = job->known.id,
			.is_network = true,
			.is_optional = ks_query_number(&query, 5) != 0,
		};

		rc = each(payload, ks_query_number(&query, 0), &item, err);
	}
	ks_query_end(&query);
	return rc;
}

/* False in ${is_ours}: the lease was lost, and is another's by now. */
static int set_done(struct ks_state *state, const struct ks_queue_job *job,
	const char *holder, enum ks_queue_outcome outcome, bool *is_ours,
	struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"UPDATE repositories SET lease_by = '', tries = 0,"
		" wanted = CASE WHEN wanted = ? THEN 0 ELSE wanted END,"
		" done_in = ?, outcome = ? WHERE id = ? AND lease_by = ?"
		" RETURNING id",
		"iiiit", job->scan, job->scan, (int64_t)outcome, job->known.id,
		holder);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	*is_ours = rc > 0;
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_queue_done(struct ks_state *state, const struct ks_queue_job *job,
	const char *holder, enum ks_queue_outcome outcome, struct ks_err *err)
{
	bool is_ours = false;
	int rc = ks_state_begin(state, err);

	if (rc < 0)
		return rc;
	rc = set_done(state, job, holder, outcome, &is_ours, err);
	if (rc == KS_OK && is_ours && job->item.is_network)
		rc = ks_db_run(&state->db, err,
			"UPDATE repositories SET done_in = wanted, wanted = 0,"
			" outcome = CASE error WHEN '' THEN ? ELSE ? END"
			" WHERE main = ? AND wanted = ?",
			"iiii", (int64_t)outcome, (int64_t)KS_QUEUE_FAILED,
			job->known.id, job->scan);
	return ks_state_end(state, rc, err);
}

int ks_queue_listed(struct ks_state *state, const struct ks_queue_job *job,
	const char *holder, const char *listing, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET listing = CASE refs WHEN '' THEN ''"
		" ELSE CAST(? AS TEXT) END WHERE id = ? AND lease_by = ?",
		"tit", listing, job->known.id, holder);
}

int ks_queue_forget(struct ks_state *state, const struct ks_queue_job *job,
	struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"DELETE FROM repositories WHERE id = ? AND scanned = 0"
		" AND NOT EXISTS (SELECT 1 FROM places"
		" WHERE repository = repositories.id)",
		"i", job->known.id);
}

int ks_queue_count(struct ks_state *state, int64_t scan, int64_t now,
	struct ks_queue_left *out, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT count(*), coalesce(sum(CASE WHEN" IS_POISONED
		" THEN 1 ELSE 0 END), 0) FROM repositories"
		" WHERE wanted > 0 AND wanted = ? AND main = 0",
		"iii", now, now, scan);

	*out = (struct ks_queue_left){ 0 };
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		out->count = ks_query_number(&query, 0);
		out->poisoned = ks_query_number(&query, 1);
	}
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_queue_drop_poisoned(struct ks_state *state, int64_t scan, int64_t now,
	const char *why, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET error = ?, wanted = 0, done_in = ?,"
		" outcome = ? WHERE wanted > 0 AND wanted = ?"
		" AND main = 0 AND" IS_POISONED,
		"tiiiii", why, scan, (int64_t)KS_QUEUE_FAILED, scan, now, now);
}

int ks_queue_outcomes(struct ks_state *state, int64_t scan,
	int (*each)(void *payload, enum ks_queue_outcome outcome,
		const char *place, const char *error, const char *lacking,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT outcome, place, error, lacking FROM repositories"
		" WHERE done_in = ? ORDER BY place, id",
		"i", scan);

	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0)
		rc = each(payload,
			(enum ks_queue_outcome)ks_query_number(&query, 0),
			ks_query_text(&query, 1), ks_query_text(&query, 2),
			ks_query_text(&query, 3), err);
	ks_query_end(&query);
	return rc;
}
