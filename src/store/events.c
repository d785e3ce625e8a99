/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to an organisation's findings, and when. */
#include "store/events.h"

/* The findings of one repository, and whether some ref leads to them. */
#define THERE " f.id IN (SELECT finding FROM places WHERE repository = ?)"
#define IS_LIVE                                                                \
	" EXISTS (SELECT 1 FROM places WHERE finding = f.id AND gone = 0)"

/* findings.life: 0 just entered, 1 live, 2 gone. */
#define NOTE(kind, condition)                                                  \
	"INSERT INTO events (organisation, time, kind, finding, repository,"   \
	" scan) SELECT f.organisation, CAST(? AS BIGINT), '" kind "', f.id,"   \
	" CAST(? AS BIGINT), CAST(? AS BIGINT) FROM findings f WHERE" THERE    \
	" AND " condition

int ks_events_settle(struct ks_state *state, int64_t repository, int64_t scan,
	int64_t now, struct ks_err *err)
{
	static const char *const notes[] = {
		NOTE("new", "f.life = 0"),
		NOTE("gone", "f.life = 1 AND NOT" IS_LIVE),
		NOTE("back", "f.life = 2 AND" IS_LIVE),
	};
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < 3; i++)
		rc = ks_db_run(&state->db, err, notes[i], "iiii", now,
			repository, scan, repository);
	if (rc == KS_OK)
		rc = ks_db_run(&state->db, err,
			"UPDATE findings AS f SET life = 1 WHERE" THERE
			" AND f.life <> 1 AND" IS_LIVE,
			"i", repository);
	return rc == KS_OK ? ks_db_run(&state->db, err,
				     "UPDATE findings AS f SET life = 2"
				     " WHERE" THERE
				     " AND f.life <> 2 AND NOT" IS_LIVE,
				     "i", repository)
			   : rc;
}

int ks_events_add(struct ks_state *state, int64_t organisation,
	const struct ks_events_deed *deed, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"INSERT INTO events (organisation, time, kind, finding, who,"
		" why) SELECT organisation, CAST(? AS BIGINT),"
		" CAST(? AS TEXT), id, CAST(? AS TEXT), CAST(? AS TEXT)"
		" FROM findings WHERE organisation = ? AND fingerprint = ?",
		"itllit", deed->time, deed->kind, deed->who, deed->why,
		organisation, deed->fingerprint);
}

int ks_events_expire(struct ks_state *state, int64_t organisation,
	const char *today, int64_t now, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"INSERT INTO events (organisation, time, kind, finding, who,"
		" why) SELECT f.organisation, CAST(? AS BIGINT), 'expired',"
		" f.id, d.who, d.why FROM dismissals d JOIN findings f"
		" ON f.organisation = d.organisation"
		" AND f.fingerprint = d.fingerprint WHERE d.organisation = ?"
		" AND d.is_over = 0 AND d.until <> '' AND d.until < ?",
		"iit", now, organisation, today);
}

int ks_events_scanned(struct ks_state *state, int64_t scan,
	const struct ks_events_scan *counts, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE scans SET unchanged = ?, followed = ?, audited = ?,"
		" failed = ?, news = (SELECT count(*) FROM findings f"
		" WHERE f.organisation = scans.organisation"
		" AND f.new_in = scans.id AND (SELECT count(*)"
		" FROM dismissals d WHERE d.organisation = f.organisation"
		" AND d.fingerprint = f.fingerprint AND d.is_over = 0) = 0)"
		" WHERE id = ?",
		"iiiii", counts->unchanged, counts->followed, counts->audited,
		counts->failed, scan);
}

static void take_event(struct ks_event *event, struct ks_query *query)
{
	*event = (struct ks_event){
		.time = ks_query_number(query, 0),
		.kind = ks_query_text(query, 1),
		.fingerprint = ks_query_text(query, 2),
		.rule = ks_query_text(query, 3),
		.redacted = ks_query_text(query, 4),
		.repository = ks_query_text(query, 5),
		.who = ks_query_text(query, 6),
		.why = ks_query_text(query, 7),
		.begun = ks_query_number(query, 8),
		.counts = { .unchanged = ks_query_number(query, 9),
			.followed = ks_query_number(query, 10),
			.audited = ks_query_number(query, 11),
			.failed = ks_query_number(query, 12),
			.news = ks_query_number(query, 13) },
	};
}

/* Events of findings, and scans that came to their end. */
#define EVENTS                                                                 \
	"SELECT e.time, e.kind, f.fingerprint, f.rule, f.redacted,"            \
	" coalesce(r.place, ''), e.who, e.why, 0, 0, 0, 0, 0, 0, e.id"         \
	" FROM events e JOIN findings f ON f.id = e.finding"                   \
	" LEFT JOIN repositories r ON r.id = e.repository"                     \
	" WHERE e.time >= ? AND"
#define SCANS                                                                  \
	" UNION ALL SELECT ended, 'scan', '', '', '', '', '', '', begun,"      \
	" unchanged, followed, audited, failed, news, id FROM scans"           \
	" WHERE organisation = ? AND ended > 0 AND ended >= ?"

int ks_events_list(struct ks_state *state, const struct ks_events_query *wish,
	int (*each)(void *payload, const struct ks_event *event,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct ks_query query;
	struct ks_event event;
	int rc;

	if (wish->fingerprint)
		rc = ks_query_begin_long(&query, &state->db, err,
			EVENTS " e.finding = (SELECT id FROM findings"
			       " WHERE organisation = ? AND fingerprint = ?)"
			       " ORDER BY 1, 15",
			"iit", wish->since, wish->organisation,
			wish->fingerprint);
	else
		rc = ks_query_begin_long(&query, &state->db, err,
			EVENTS " e.organisation = ?" SCANS " ORDER BY 1, 9, 15",
			"iiii", wish->since, wish->organisation,
			wish->organisation, wish->since);
	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0) {
		take_event(&event, &query);
		rc = each(payload, &event, err);
	}
	ks_query_end(&query);
	return rc;
}
