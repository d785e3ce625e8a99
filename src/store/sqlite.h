/* SPDX-License-Identifier: Apache-2.0 */
/* A database file of SQLite and statements on it. */
#ifndef KS_STORE_SQLITE_H
#define KS_STORE_SQLITE_H

#include "store/libsqlite3.h"

#include <stdarg.h>
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

/* A statement that gives rows; ks_sqlite_query_end() frees, also after an
 * error. */
struct ks_sqlite_query {
	struct ks_sqlite *db;
	sqlite3_stmt *statement;
};

/*
 * Run ${sql} with ${values} for its '?', as ks_db_run(), for
 * ks_sqlite_query_next(). Texts are borrowed until the end of ${query}.
 */
KS_MUST_CHECK int ks_sqlite_query_begin(struct ks_sqlite_query *query,
	struct ks_sqlite *db, const char *sql, const char *kinds,
	va_list values, struct ks_err *err);

/* 1: there is a row; 0: there is none; or an error as above. */
KS_MUST_CHECK int ks_sqlite_query_next(
	struct ks_sqlite_query *query, struct ks_err *err);

/* Column ${at} of the row; a text is valid until the next call, never NULL. */
const char *ks_sqlite_query_text(struct ks_sqlite_query *query, int at);
int64_t ks_sqlite_query_number(struct ks_sqlite_query *query, int at);
double ks_sqlite_query_real(struct ks_sqlite_query *query, int at);

void ks_sqlite_query_end(struct ks_sqlite_query *query);

#endif
