/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a store, and their versions. */
#include "store/schema.h"

#include <stddef.h>

/*
 * Only what other databases have too. Digests and ids of objects are hex
 * digits, times seconds since 1970, days YYYY-MM-DD, what is not known ''.
 */
static const char *const first[] = {
	"CREATE TABLE organisations (id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE)",

	"CREATE TABLE sources (organisation BIGINT NOT NULL"
	" REFERENCES organisations (id), text TEXT NOT NULL,"
	" PRIMARY KEY (organisation, text))",

	/* A scan that was killed has no end. */
	"CREATE TABLE scans (id INTEGER PRIMARY KEY, organisation BIGINT"
	" NOT NULL REFERENCES organisations (id), begun BIGINT NOT NULL,"
	" ended BIGINT NOT NULL DEFAULT 0)",

	/*
	 * name: what stays when its place changes; error: why it could not be
	 * scanned; lacking: what the last scan could not.
	 */
	"CREATE TABLE repositories (id INTEGER PRIMARY KEY,"
	" organisation BIGINT NOT NULL REFERENCES organisations (id),"
	" name TEXT NOT NULL, place TEXT NOT NULL,"
	" refs TEXT NOT NULL DEFAULT '', rules TEXT NOT NULL DEFAULT '',"
	" revision BIGINT NOT NULL DEFAULT 0,"
	" scanned BIGINT NOT NULL DEFAULT 0,"
	" error TEXT NOT NULL DEFAULT '', lacking TEXT NOT NULL DEFAULT '',"
	" UNIQUE (organisation, name))",

	"CREATE TABLE tips (repository BIGINT NOT NULL"
	" REFERENCES repositories (id), oid TEXT NOT NULL,"
	" PRIMARY KEY (repository, oid))",

	/*
	 * new_in: the scan that told of it last; 0: none did yet. is_told: 0
	 * no, 1 yes, 2 that scan is at it.
	 */
	"CREATE TABLE findings (id INTEGER PRIMARY KEY,"
	" organisation BIGINT NOT NULL REFERENCES organisations (id),"
	" fingerprint TEXT NOT NULL, rule TEXT NOT NULL,"
	" rule_name TEXT NOT NULL, rotate TEXT NOT NULL,"
	" redacted TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL,"
	" first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,"
	" new_in BIGINT NOT NULL DEFAULT 0,"
	" is_told INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE (organisation, fingerprint))",

	"CREATE INDEX findings_new ON findings (organisation, new_in)",
	"CREATE INDEX findings_told ON findings (is_told)",

	/* seen: the repository's revision; head_blob: what HEAD has there. */
	"CREATE TABLE places (id INTEGER PRIMARY KEY,"
	" finding BIGINT NOT NULL REFERENCES findings (id),"
	" repository BIGINT NOT NULL REFERENCES repositories (id),"
	" path TEXT NOT NULL, blob TEXT NOT NULL, line BIGINT NOT NULL,"
	" commit_id TEXT NOT NULL, author TEXT NOT NULL,"
	" email TEXT NOT NULL, time BIGINT NOT NULL,"
	" in_head INTEGER NOT NULL, gone INTEGER NOT NULL,"
	" seen BIGINT NOT NULL, head_blob TEXT NOT NULL DEFAULT '',"
	" UNIQUE (finding, repository, path, blob, line))",

	"CREATE INDEX places_repository ON places (repository, gone)",

	"CREATE TABLE dismissals (id INTEGER PRIMARY KEY,"
	" organisation BIGINT NOT NULL REFERENCES organisations (id),"
	" fingerprint TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,"
	" until TEXT NOT NULL, made BIGINT NOT NULL,"
	" is_over INTEGER NOT NULL DEFAULT 0)",

	"CREATE INDEX dismissals_of ON dismissals (organisation, fingerprint)",
	NULL,
};

/* tries: leases in a row that nobody ended. */
static const char *const second[] = {
	"ALTER TABLE repositories ADD COLUMN lease_by TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE repositories ADD COLUMN lease_until BIGINT NOT NULL"
	" DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN tries BIGINT NOT NULL DEFAULT 0",
	NULL,
};

/*
 * proof: what the key of the store makes of a constant; sealed: the secret,
 * encrypted, or ''.
 */
static const char *const third[] = {
	"CREATE TABLE keysieve_key (proof TEXT NOT NULL)",
	"ALTER TABLE findings ADD COLUMN sealed TEXT NOT NULL DEFAULT ''",
	NULL,
};

/*
 * kind and life: events.c. What was before is told as far as it is known.
 */
static const char *const fourth[] = {
	"CREATE TABLE events (id INTEGER PRIMARY KEY,"
	" organisation BIGINT NOT NULL REFERENCES organisations (id),"
	" time BIGINT NOT NULL, kind TEXT NOT NULL,"
	" finding BIGINT NOT NULL REFERENCES findings (id),"
	" repository BIGINT NOT NULL DEFAULT 0,"
	" scan BIGINT NOT NULL DEFAULT 0,"
	" who TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '')",

	"CREATE INDEX events_time ON events (organisation, time)",
	"CREATE INDEX events_finding ON events (finding)",
	"ALTER TABLE scans ADD COLUMN unchanged BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE scans ADD COLUMN followed BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE scans ADD COLUMN audited BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE scans ADD COLUMN failed BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE scans ADD COLUMN news BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE findings ADD COLUMN life INTEGER NOT NULL DEFAULT 0",

	"INSERT INTO events (organisation, time, kind, finding)"
	" SELECT organisation, first_seen, 'new', id FROM findings",

	"UPDATE findings SET life = CASE WHEN EXISTS (SELECT 1 FROM places"
	" WHERE finding = findings.id AND gone = 0) THEN 1 ELSE 2 END",

	"INSERT INTO events (organisation, time, kind, finding, who, why)"
	" SELECT d.organisation, d.made, 'dismissed', f.id, d.who, d.why"
	" FROM dismissals d JOIN findings f"
	" ON f.organisation = d.organisation"
	" AND f.fingerprint = d.fingerprint",
	NULL,
};

static const char *const fifth[] = {
	"ALTER TABLE sources ADD COLUMN options TEXT NOT NULL DEFAULT ''",
	NULL,
};

/*
 * The queue, queue.h. wanted: the latest scan that wants it; done_in: the
 * latest that had it; main: who it is scanned with. And, of a place in forks
 * that are scanned together, which of them has it.
 */
static const char *const sixth[] = {
	"ALTER TABLE repositories ADD COLUMN mirror TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE repositories ADD COLUMN source TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE repositories ADD COLUMN host TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE repositories ADD COLUMN size BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN main BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN is_network INTEGER NOT NULL"
	" DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN is_optional INTEGER NOT NULL"
	" DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN wanted BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN wanted_rules TEXT NOT NULL"
	" DEFAULT ''",
	"ALTER TABLE repositories ADD COLUMN done_in BIGINT NOT NULL DEFAULT 0",
	"ALTER TABLE repositories ADD COLUMN outcome INTEGER NOT NULL"
	" DEFAULT 0",
	"CREATE INDEX repositories_wanted ON repositories (size DESC, id)"
	" WHERE wanted > 0",
	"CREATE INDEX repositories_main ON repositories (main)",
	"CREATE INDEX repositories_done ON repositories (done_in)",
	"ALTER TABLE places ADD COLUMN member TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* live: findings that a ref leads to. */
static const char *const seventh[] = {
	"CREATE INDEX repositories_place ON repositories (organisation, place)",
	"DROP INDEX places_repository",

	"CREATE INDEX places_repository ON places (repository, gone, member,"
	" finding)",

	"ALTER TABLE repositories ADD COLUMN live BIGINT NOT NULL DEFAULT 0",

	"UPDATE repositories SET live = (SELECT count(DISTINCT finding)"
	" FROM places p WHERE p.gone = 0 AND p.repository ="
	" CASE main WHEN 0 THEN repositories.id ELSE main END AND p.member ="
	" CASE main WHEN 0 THEN '' ELSE repositories.place END)",

	"DROP INDEX findings_told",
	"CREATE INDEX findings_told ON findings (is_told, organisation)",
	NULL,
};

/* listing: what the remote had, as mirror.h has it, when it was scanned. */
static const char *const eighth[] = {
	"ALTER TABLE repositories ADD COLUMN listing TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* rest: of all but the rules that decides what is found; ids: of the rules. */
static const char *const ninth[] = {
	"CREATE TABLE rule_sets (digest TEXT PRIMARY KEY,"
	" rest TEXT NOT NULL, ids TEXT NOT NULL)",
	NULL,
};

/* Number i makes version i + 1 of version i. */
static const char *const *const migrations[] = { first, second, third, fourth,
	fifth, sixth, seventh, eighth, ninth };

enum {
	VERSION = sizeof(migrations) / sizeof(*migrations)
};

static int count(
	struct ks_db *db, const char *sql, int64_t *out, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, db, err, sql, "");

	*out = 0;
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0)
		*out = ks_query_number(&query, 0);
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

/* How many tables there are; and of those, our own. */
static const char *const tables_there[] = {
	"SELECT count(*) FROM sqlite_master",
	"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
};
static const char *const own_there[] = {
	"SELECT count(*) FROM sqlite_master WHERE name = 'keysieve_version'",
	"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
	" AND tablename = 'keysieve_version'",
};

static int find_version(struct ks_db *db, int64_t *version, struct ks_err *err)
{
	bool is_server = db->postgres != NULL;
	int64_t tables = 0;
	int64_t own = 0;
	int rc = count(db, tables_there[is_server], &tables, err);

	*version = 0;
	if (rc == KS_OK)
		rc = count(db, own_there[is_server], &own, err);
	if (rc == KS_OK && own)
		rc = count(db, "SELECT max(version) FROM keysieve_version",
			version, err);
	if (rc < 0)
		return rc;
	if (tables && (!own || *version < 1))
		return ks_fail(err, KS_E_CORRUPT,
			"'%s' is a database of something else: name another "
			"by --store",
			db->path);
	if (*version > VERSION)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"the store '%s' was made by a newer keysieve: use "
			"that one",
			db->path);
	return KS_OK;
}

static int migrate(struct ks_db *db, struct ks_err *err)
{
	int64_t version;
	/* Another process may have done so meanwhile. */
	int rc = find_version(db, &version, err);

	if (rc == KS_OK && version == 0)
		rc = ks_db_run(db, err,
			"CREATE TABLE keysieve_version (version BIGINT NOT "
			"NULL)",
			"");
	for (int64_t i = version; rc == KS_OK && i < VERSION; i++) {
		for (size_t j = 0; rc == KS_OK && migrations[i][j]; j++)
			rc = ks_db_run(db, err, migrations[i][j], "");
		if (rc == KS_OK)
			rc = ks_db_run(db, err,
				"INSERT INTO keysieve_version VALUES (?)", "i",
				i + 1);
	}
	return rc;
}

/* What holds for this connection alone, and for its file. */
static int prepare_sqlite(struct ks_db *db, bool is_new, struct ks_err *err)
{
	int rc = ks_db_run(db, err, "PRAGMA foreign_keys = ON", "");

	if (rc == KS_OK)
		rc = ks_db_run(db, err, "PRAGMA synchronous = NORMAL", "");
	if (rc == KS_OK && is_new)
		rc = ks_db_run(db, err, "PRAGMA journal_mode = WAL", "");
	return rc;
}

int ks_schema_check(struct ks_db *db, struct ks_err *err)
{
	int64_t version = 0;
	int rc = count(
		db, "SELECT max(version) FROM keysieve_version", &version, err);

	if (rc == KS_OK && version > VERSION)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"the store '%s' was brought up to date by a newer "
			"keysieve: use that one from now on",
			db->path);
	return rc;
}

int ks_schema_prepare(struct ks_db *db, struct ks_err *err)
{
	int64_t version;
	int rc = find_version(db, &version, err);

	if (rc == KS_OK && !db->postgres)
		rc = prepare_sqlite(db, version == 0, err);
	if (rc < 0 || version == VERSION)
		return rc;
	rc = ks_db_begin(db, err);
	if (rc < 0)
		return rc;
	rc = migrate(db, err);
	return ks_db_end(db, rc, err);
}
