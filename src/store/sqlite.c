/* SPDX-License-Identifier: Apache-2.0 */
/* A database file of SQLite and statements on it. */
#include "store/sqlite.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct ks_sqlite *db, int code, struct ks_err *err)
{
	const char *why = db->handle ? db->lib->f_errmsg(db->handle) : "";

	/* Extended codes have more in their upper bytes. */
	switch (code & 255) {
	case SQLITE_NOMEM:
		return ks_fail_nomem(err);
	case SQLITE_NOTADB:
		return ks_fail(err, KS_E_CORRUPT,
			"'%s' is no store of keysieve: name another by "
			"--store",
			db->path);
	case SQLITE_CORRUPT:
		return ks_fail(err, KS_E_CORRUPT,
			"the store '%s' is damaged (%s): put back a copy, or "
			"move it away and scan anew",
			db->path, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ks_fail(err, KS_E_LIMIT,
			"the store '%s' has been in use by another process "
			"for %d seconds: try again",
			db->path, KS_SQLITE_PATIENCE);
	default:
		return ks_fail(err, KS_E_IO, "cannot use the store '%s': %s",
			db->path, why);
	}
}

/* The folder that ${path} is in, if it names one. */
static int make_folder(const char *path, struct ks_err *err)
{
	char *copy = strdup(path);
	char *slash = copy ? strrchr(copy, '/') : NULL;
	int rc = copy ? KS_OK : ks_fail_nomem(err);

	if (slash && slash > copy) {
		*slash = '\0';
		rc = ks_file_make_folders(copy, err);
	}
	free(copy);
	return rc;
}

static int make_file(const char *path, struct ks_err *err)
{
	int rc = make_folder(path, err);
	int fd;

	if (rc < 0)
		return rc;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST)
		return ks_fail_errno(
			err, errno, "cannot make the store '%s'", path);
	if (fd >= 0)
		close(fd);
	return KS_OK;
}

/* SQLite would wait for ever at a FIFO. */
static int look_at(const char *path, bool may_make, struct ks_err *err)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return S_ISREG(status.st_mode)
			       ? KS_OK
			       : ks_fail(err, KS_E_IO, "'%s' is no file", path);
	if (errno == ENOENT && may_make)
		return make_file(path, err);
	if (errno == ENOENT)
		return ks_fail(err, KS_E_NOTFOUND,
			"there is no store '%s': 'keysieve org add' makes one",
			path);
	return ks_fail_errno(err, errno, "cannot use the store '%s'", path);
}

int ks_sqlite_open(struct ks_sqlite *db, const char *path, bool may_make,
	struct ks_err *err)
{
	int rc = look_at(path, may_make, err);
	int code;

	if (rc < 0)
		return rc;
	db->path = strdup(path);
	db->lib = ks_libsqlite3(err);
	if (!db->lib)
		return KS_E_UNSUPPORTED;
	if (!db->path)
		return ks_fail_nomem(err);
	code = db->lib->f_open_v2(path, &db->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
			SQLITE_OPEN_PRIVATECACHE,
		NULL);
	if (code != SQLITE_OK)
		return fail(db, code, err);
	db->lib->f_busy_timeout(db->handle, 1000 * KS_SQLITE_PATIENCE);
	return KS_OK;
}

void ks_sqlite_close(struct ks_sqlite *db)
{
	if (db->handle)
		db->lib->f_close(db->handle);
	free(db->path);
	*db = (struct ks_sqlite){ .path = NULL };
}

static int bind(
	struct ks_sqlite_query *query, const char *kinds, va_list values)
{
	const struct ks_libsqlite3 *lib = query->db->lib;
	int code = SQLITE_OK;

	for (int i = 1; code == SQLITE_OK && kinds[i - 1]; i++) {
		if (kinds[i - 1] == 't' || kinds[i - 1] == 'l')
			code = lib->f_bind_text(query->statement, i,
				va_arg(values, const char *), -1,
				SQLITE_STATIC);
		else if (kinds[i - 1] == 'i')
			code = lib->f_bind_int64(
				query->statement, i, va_arg(values, int64_t));
		else
			code = lib->f_bind_double(
				query->statement, i, va_arg(values, double));
	}
	return code;
}

int ks_sqlite_query_begin(struct ks_sqlite_query *query, struct ks_sqlite *db,
	const char *sql, const char *kinds, va_list values, struct ks_err *err)
{
	int code;

	*query = (struct ks_sqlite_query){ .db = db };
	code = db->lib->f_prepare_v2(
		db->handle, sql, -1, &query->statement, NULL);
	if (code == SQLITE_OK)
		code = bind(query, kinds, values);
	return code == SQLITE_OK ? KS_OK : fail(db, code, err);
}

int ks_sqlite_query_next(struct ks_sqlite_query *query, struct ks_err *err)
{
	int code = query->db->lib->f_step(query->statement);

	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code == SQLITE_ROW;
	return fail(query->db, code, err);
}

const char *ks_sqlite_query_text(struct ks_sqlite_query *query, int at)
{
	const unsigned char *text =
		query->db->lib->f_column_text(query->statement, at);

	return text ? (const char *)text : "";
}

int64_t ks_sqlite_query_number(struct ks_sqlite_query *query, int at)
{
	return query->db->lib->f_column_int64(query->statement, at);
}

double ks_sqlite_query_real(struct ks_sqlite_query *query, int at)
{
	return query->db->lib->f_column_double(query->statement, at);
}

void ks_sqlite_query_end(struct ks_sqlite_query *query)
{
	if (query->statement)
		query->db->lib->f_finalize(query->statement);
	query->statement = NULL;
}
