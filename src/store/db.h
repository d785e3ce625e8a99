/* SPDX-License-Identifier: Apache-2.0 */
/* A database, of SQLite or on a PostgreSQL server, and statements on it. */
#ifndef KS_STORE_DB_H
#define KS_STORE_DB_H

#include "store/postgres.h"
#include "store/sqlite.h"

/* Zero-initialise ({0}); ks_db_close() frees. Not thread-safe. */
struct ks_db {
	const char *path; /* what messages call it */
	struct ks_sqlite sqlite;
	struct ks_postgres *postgres; /* NULL: it is SQLite's */
};

/*
 * Open the database ${place}: a file, as ks_sqlite_open(), or a URL, as
 * ks_postgres_open(). Errors as there; ${db} is to be closed then too.
 */
KS_MUST_CHECK int ks_db_open(
	struct ks_db *db, const char *place, bool may_make, struct ks_err *err);

void ks_db_close(struct ks_db *db);

/*
 * Run ${sql}, in words that both databases know, with values for its '?',
 * each told by a letter of ${kinds}: 't' const char *, of which a server
 * may keep 2,000 bytes only, 'l' the same, never cut, for what no index has,
 * 'i' int64_t, 'r' double. KS_E_IO, KS_E_CORRUPT; KS_E_LIMIT: another process
 * has had it for too long, or there is no room.
 */
KS_MUST_CHECK int ks_db_run(struct ks_db *db, struct ks_err *err,
	const char *sql, const char *kinds, ...);

/*
 * Begin a transaction. Of these there is one at a time, in whatever process:
 * what is read in it stays true until it ends.
 */
KS_MUST_CHECK int ks_db_begin(struct ks_db *db, struct ks_err *err);

/* End it: keep what was done, or, if ${rc} < 0, nothing of it. */
KS_MUST_CHECK int ks_db_end(struct ks_db *db, int rc, struct ks_err *err);

/* A statement that gives rows; ks_query_end() frees, also after an error. */
struct ks_query {
	struct ks_db *db;
	struct ks_err *err;
	struct ks_sqlite_query sqlite;
	struct ks_rows rows;
};

/*
 * As ks_db_run(), for ks_query_next(). Texts are borrowed until the end of
 * ${query}, which is to be ended whatever comes of it.
 */
KS_MUST_CHECK int ks_query_begin(struct ks_query *query, struct ks_db *db,
	struct ks_err *err, const char *sql, const char *kinds, ...);

/*
 * The same for what may be millions of rows: a server gives some at a time,
 * all as they were in the beginning.
 */
KS_MUST_CHECK int ks_query_begin_long(struct ks_query *query, struct ks_db *db,
	struct ks_err *err, const char *sql, const char *kinds, ...);

/* 1: there is a row; 0: there is none; or an error as above. */
KS_MUST_CHECK int ks_query_next(struct ks_query *query);

/* Column ${at} of the row; a text is valid until the next call, never NULL. */
const char *ks_query_text(struct ks_query *query, int at);
int64_t ks_query_number(struct ks_query *query, int at);
double ks_query_real(struct ks_query *query, int at);

void ks_query_end(struct ks_query *query);

#endif
