/* SPDX-License-Identifier: Apache-2.0 */
/* A database, of SQLite or on a PostgreSQL server, and statements on it. */
#include "store/db.h"

/* Of the lock that writers take in turn: any number that others have not. */
#define WRITERS ((int64_t)0x6b65797369657665)

int ks_db_open(
	struct ks_db *db, const char *place, bool may_make, struct ks_err *err)
{
	int rc;

	if (ks_postgres_is_place(place)) {
		/* The URL may hold a password. */
		db->path = "PostgreSQL";
		return ks_postgres_open(&db->postgres, place, err);
	}
	rc = ks_sqlite_open(&db->sqlite, place, may_make, err);
	db->path = db->sqlite.path;
	return rc;
}

void ks_db_close(struct ks_db *db)
{
	ks_sqlite_close(&db->sqlite);
	ks_postgres_close(db->postgres);
	*db = (struct ks_db){ 0 };
}

static int begin(struct ks_query *query, struct ks_db *db, struct ks_err *err,
	bool is_long, const char *sql, const char *kinds, va_list values)
{
	*query = (struct ks_query){ .db = db, .err = err };
	if (db->postgres)
		return ks_postgres_ask(db->postgres, &query->rows, is_long, sql,
			kinds, values, err);
	return ks_sqlite_query_begin(
		&query->sqlite, &db->sqlite, sql, kinds, values, err);
}

int ks_query_begin(struct ks_query *query, struct ks_db *db, struct ks_err *err,
	const char *sql, const char *kinds, ...)
{
	va_list values;
	int rc;

	va_start(values, kinds);
	rc = begin(query, db, err, false, sql, kinds, values);
	va_end(values);
	return rc;
}

int ks_query_begin_long(struct ks_query *query, struct ks_db *db,
	struct ks_err *err, const char *sql, const char *kinds, ...)
{
	va_list values;
	int rc;

	va_start(values, kinds);
	rc = begin(query, db, err, true, sql, kinds, values);
	va_end(values);
	return rc;
}

int ks_query_next(struct ks_query *query)
{
	if (!query->db->postgres)
		return ks_sqlite_query_next(&query->sqlite, query->err);
	return ks_rows_next(&query->rows, query->err);
}

const char *ks_query_text(struct ks_query *query, int at)
{
	return query->db->postgres ? ks_rows_text(&query->rows, at)
				   : ks_sqlite_query_text(&query->sqlite, at);
}

int64_t ks_query_number(struct ks_query *query, int at)
{
	return query->db->postgres ? ks_rows_number(&query->rows, at)
				   : ks_sqlite_query_number(&query->sqlite, at);
}

double ks_query_real(struct ks_query *query, int at)
{
	return query->db->postgres ? ks_rows_real(&query->rows, at)
				   : ks_sqlite_query_real(&query->sqlite, at);
}

void ks_query_end(struct ks_query *query)
{
	ks_rows_release(&query->rows);
	ks_sqlite_query_end(&query->sqlite);
}

int ks_db_run(struct ks_db *db, struct ks_err *err, const char *sql,
	const char *kinds, ...)
{
	struct ks_query query;
	va_list values;
	int rc;

	va_start(values, kinds);
	rc = begin(&query, db, err, false, sql, kinds, values);
	va_end(values);
	while (rc == KS_OK && (rc = ks_query_next(&query)) > 0)
		rc = KS_OK;
	ks_query_end(&query);
	return rc;
}

int ks_db_begin(struct ks_db *db, struct ks_err *err)
{
	int rc;

	/* Taken at once: to wait in the middle would be a deadlock. */
	if (!db->postgres)
		return ks_db_run(db, err, "BEGIN IMMEDIATE", "");
	rc = ks_db_run(db, err, "BEGIN", "");
	if (rc == KS_OK)
		rc = ks_db_run(db, err, "SELECT pg_advisory_xact_lock(?)", "i",
			WRITERS);
	return rc < 0 ? ks_db_end(db, rc, err) : rc;
}

int ks_db_end(struct ks_db *db, int rc, struct ks_err *err)
{
	if (rc == KS_OK)
		rc = ks_db_run(db, err, "COMMIT", "");
	if (rc < 0 && ks_db_run(db, NULL, "ROLLBACK", "") < 0)
		return rc;
	return rc;
}
