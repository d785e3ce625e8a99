/* SPDX-License-Identifier: Apache-2.0 */
/* A database file of SQLite and statements on it. */
#ifndef KS_STORE_SQLITE_H
#define KS_STORE_SQLITE_H

#include "store/libsqlite3.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	KS_SQLITE_PATIENCE = 30 /* seconds to wait for another process */
};

/* Zero-initialise ({0}); ks_sqlite_close() frees. Not thread-safe. */
struct ks_sqlite {
	const struct ks_libsqlite3 *lib;
	sqlite3 *handle;
	char *path;
};

/*
 * Open the file ${path}; one that is not there is made, readable by its owner
 * only, and so are folders on the way, if ${may_make}. KS_E_NOTFOUND, KS_E_IO,
 * KS_E_CORRUPT, KS_E_UNSUPPORTED (no SQLite), KS_E_NOMEM; ${db} is to be
 * closed then too.
 */
KS_MUST_CHECK int ks_sqlite_open(struct ks_sqlite *db, const char *path,
	bool may_make, struct ks_err *err);

void ks_sqlite_close(struct ks_sqlite *db);

/*
 * Run ${sql} with values for its '?', each told by a letter of ${kinds}: 't'
 * const char *, 'i' int64_t, 'r' double. KS_E_IO, KS_E_CORRUPT; KS_E_LIMIT:
 * another process has had it for KS_SQLITE_PATIENCE.
 */
KS_MUST_CHECK int ks_sqlite_run(struct ks_sqlite *db, struct ks_err *err,
	const char *sql, const char *kinds, ...);

/* A statement that gives rows; ks_query_end() frees, also after an error. */
struct ks_query {
	struct ks_sqlite *db;
	sqlite3_stmt *statement;
	struct ks_err *err;
};

/*
 * As ks_sqlite_run(), for ks_query_next(). Texts are borrowed until the end of
 * ${query}.
 */
KS_MUST_CHECK int ks_query_begin(struct ks_query *query, struct ks_sqlite *db,
	struct ks_err *err, const char *sql, const char *kinds, ...);

/* 1: there is a row; 0: there is none; or an error as above. */
KS_MUST_CHECK int ks_query_next(struct ks_query *query);

/* Column ${at} of the row; a text is valid until the next call, never NULL. */
const char *ks_query_text(struct ks_query *query, int at);
int64_t ks_query_number(struct ks_query *query, int at);
double ks_query_real(struct ks_query *query, int at);

void ks_query_end(struct ks_query *query);

#endif
