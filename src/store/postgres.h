/* SPDX-License-Identifier: Apache-2.0 */
/* A database on a PostgreSQL server, and statements on it. */
#ifndef KS_STORE_POSTGRES_H
#define KS_STORE_POSTGRES_H

#include "store/libpq.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* A connection. Not thread-safe. */
struct ks_postgres;

/* Does ${place} name one, "postgresql://..." or "postgres://..."? */
bool ks_postgres_is_place(const char *place);

/*
 * Connect to ${url}; what it does not say, libpq's environment variables and
 * files do, so that a password need not stand in it. KS_E_IO: there is no
 * connection; KS_E_UNSUPPORTED: no libpq, or the server is too old;
 * KS_E_NOMEM. ${out} is NULL then.
 */
KS_MUST_CHECK int ks_postgres_open(
	struct ks_postgres **out, const char *url, struct ks_err *err);

/* NULL is fine. */
void ks_postgres_close(struct ks_postgres *postgres);

/* Rows that a statement gave. Zero-initialise; ks_rows_release() frees. */
struct ks_rows {
	struct ks_postgres *postgres;
	const struct ks_libpq *lib;
	PGresult *result;
	int count;
	int at;          /* the row that is read; -1 before the first */
	unsigned cursor; /* number of that which gives more; 0: that is all */
};

/*
 * Run ${sql} with ${values} for its '?', as ks_db_run(). Texts are stored as
 * UTF-8, with U+FFFD where they are none, and cut, with a digest of the whole
 * behind, where an index would not take them. KS_E_IO; KS_E_LIMIT: another has
 * held what it needs for too long, or the disk is full; KS_E_NOMEM.
 *
 * Where ${is_long} the rows stay at the server, but for some at a time.
 */
KS_MUST_CHECK int ks_postgres_ask(struct ks_postgres *postgres,
	struct ks_rows *rows, bool is_long, const char *sql, const char *kinds,
	va_list values, struct ks_err *err);

/* Go to the next row: 1, or 0: there is none; or an error as above. */
KS_MUST_CHECK int ks_rows_next(struct ks_rows *rows, struct ks_err *err);

/* Column ${at} of the row; valid until the next, never NULL. */
const char *ks_rows_text(const struct ks_rows *rows, int at);
int64_t ks_rows_number(const struct ks_rows *rows, int at);
double ks_rows_real(const struct ks_rows *rows, int at);

void ks_rows_release(struct ks_rows *rows);

#endif
