/* SPDX-License-Identifier: Apache-2.0 */
/* The store, on SQLite or on the PostgreSQL server that the word names. */
#include "store/events.h"
#include "store/findings.h"
#include "store/key.h"
#include "store/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/ks-store-XXXXXX";
static char file[64];
static const char *place = file;

static void run(const char *sql)
{
	struct ks_db db = { 0 };

	assert_int_equal(ks_db_open(&db, place, true, NULL), KS_OK);
	assert_int_equal(ks_db_run(&db, NULL, sql, ""), KS_OK);
	ks_db_close(&db);
}

/* Each test has an empty database. */
static int clean(void **unused)
{
	(void)unused;
	if (place == file) {
		char name[80];

		unlink(file);
		snprintf(name, sizeof(name), "%s-wal", file);
		unlink(name);
		snprintf(name, sizeof(name), "%s-shm", file);
		unlink(name);
		return 0;
	}
	run("DROP SCHEMA public CASCADE");
	run("CREATE SCHEMA public");
	return 0;
}

static struct ks_state *open_state(int64_t *organisation)
{
	struct ks_state *state = NULL;
	struct ks_err err = { 0 };

	if (ks_state_open(&state, place, true, &err) < 0)
		fail_msg("%s", err.message);
	assert_int_equal(
		ks_state_organisation(state, "acme", true, organisation, &err),
		KS_OK);
	return state;
}

static int keep(void *payload, const char *text, struct ks_err *err)
{
	char *out = payload;

	(void)err;
	snprintf(out + strlen(out), 4096 - strlen(out), "%s|", text);
	return KS_OK;
}

static int keep_source(void *payload, const char *text, const char *options,
	struct ks_err *err)
{
	int rc = keep(payload, text, err);

	return rc == KS_OK && options[0] ? keep(payload, options, err) : rc;
}

static void test_store__keeps_sources(void **unused)
{
	int64_t organisation;
	struct ks_state *state = open_state(&organisation);
	char texts[4096] = "";

	(void)unused;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ks_state_add_source(state, organisation,
					 "/b 'x' ? ; --", "", NULL),
			KS_OK);
		assert_int_equal(ks_state_add_source(
					 state, organisation, "/a", "", NULL),
			KS_OK);
	}
	assert_int_equal(
		ks_state_sources(state, organisation, keep_source, texts, NULL),
		KS_OK);
	assert_string_equal(texts, "/a|/b 'x' ? ; --|");
	ks_state_close(state);
	/* What is there is opened as it is. */
	state = open_state(&organisation);
	assert_int_equal(
		ks_state_add_source(state, organisation, "/a", "wikis\n", NULL),
		KS_OK);
	assert_int_equal(ks_state_remove_source(
				 state, organisation, "/b 'x' ? ; --", NULL),
		KS_OK);
	assert_int_equal(
		ks_state_remove_source(state, organisation, "/c", NULL),
		KS_E_NOTFOUND);
	texts[0] = '\0';
	assert_int_equal(
		ks_state_sources(state, organisation, keep_source, texts, NULL),
		KS_OK);
	assert_string_equal(texts, "/a|wikis\n|");
	ks_state_close(state);
}

static void test_store__has_no_organisation_that_is_not_made(void **unused)
{
	int64_t organisation;
	struct ks_state *state = open_state(&organisation);
	struct ks_err err = { 0 };

	(void)unused;
	assert_int_equal(ks_state_organisation(
				 state, "other", false, &organisation, &err),
		KS_E_NOTFOUND);
	assert_non_null(strstr(err.message, "no organisation 'other'"));
	ks_state_close(state);
}

static void test_store__undoes_what_fails(void **unused)
{
	int64_t organisation;
	struct ks_state *state = open_state(&organisation);
	char texts[4096] = "";

	(void)unused;
	assert_int_equal(ks_state_begin(state, NULL), KS_OK);
	assert_int_equal(
		ks_state_add_source(state, organisation, "/a", "", NULL),
		KS_OK);
	assert_int_equal(
		ks_state_end(state, KS_E_INTERRUPTED, NULL), KS_E_INTERRUPTED);
	assert_int_equal(
		ks_state_sources(state, organisation, keep_source, texts, NULL),
		KS_OK);
	assert_string_equal(texts, "");
	ks_state_close(state);
}

static void test_store__knows_repositories_by_name(void **unused)
{
	int64_t organisation;
	struct ks_state *state = open_state(&organisation);
	struct ks_state_repository first;
	struct ks_state_repository again;
	const char *tips[] = { "aa", "bb", "aa" };
	char texts[4096] = "";
	bool is_current = false;

	(void)unused;
	assert_int_equal(ks_state_repository(state, organisation, "host:1",
				 "/old", &first, NULL),
		KS_OK);
	assert_int_equal(first.scanned, 0);
	again = first;
	again.revision++;
	again.scanned = 77;
	snprintf(again.refs, sizeof(again.refs), "%s", "digest");
	assert_int_equal(ks_state_begin(state, NULL), KS_OK);
	assert_int_equal(
		ks_state_is_current(state, &first, &is_current, NULL), KS_OK);
	assert_true(is_current);
	assert_int_equal(
		ks_state_set_scanned(state, &again, tips, 3, "", NULL), KS_OK);
	assert_int_equal(
		ks_state_is_current(state, &first, &is_current, NULL), KS_OK);
	assert_false(is_current);
	assert_int_equal(ks_state_end(state, KS_OK, NULL), KS_OK);
	assert_int_equal(ks_state_repository(state, organisation, "host:1",
				 "/new", &again, NULL),
		KS_OK);
	assert_int_equal(again.id, first.id);
	assert_int_equal(again.scanned, 77);
	assert_string_equal(again.refs, "digest");
	assert_int_equal(
		ks_state_tips(state, again.id, keep, texts, NULL), KS_OK);
	assert_string_equal(texts, "aa|bb|");
	ks_state_close(state);
}

/* One finding with one place in a repository. */
struct life {
	struct ks_state *state;
	int64_t organisation;
	struct ks_state_repository repository;
	int64_t revision;
	int64_t scan;
};

static const char fingerprint[] =
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static void see(struct life *life, const char *path, bool gone)
{
	struct ks_findings_entry entry = { .fingerprint = fingerprint,
		.rule = "rule",
		.rule_name = "a rule",
		.rotate = "",
		.redacted = "AB...",
		.confidence = 0.75 };
	struct ks_findings_place where = { .fingerprint = fingerprint,
		.path = path,
		.blob = "aa",
		.line = 3,
		.commit = "",
		.author = "",
		.email = "",
		.gone = gone,
		.head_blob = "" };
	int64_t id;

	assert_int_equal(ks_findings_put(life->state, life->organisation, 5,
				 &entry, !gone, &id, NULL),
		KS_OK);
	assert_int_equal(
		ks_findings_put_place(life->state, id, life->repository.id,
			++life->revision, &where, NULL),
		KS_OK);
}

struct rows {
	int count;
	int fresh;
	int gone;
	int dismissed;
	size_t path_length;
	char who[16];
};

static int take(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	struct rows *rows = payload;

	(void)err;
	rows->count++;
	rows->fresh += row->is_new;
	rows->gone += row->is_gone;
	rows->dismissed += row->is_dismissed;
	rows->path_length = strlen(row->place.path);
	snprintf(rows->who, sizeof(rows->who), "%s", row->who);
	assert_true(
		row->entry.confidence > 0.74 && row->entry.confidence < 0.76);
	return KS_OK;
}

static struct rows list(struct life *life, int64_t scan, const char *today)
{
	struct ks_findings_query query = {
		.organisation = life->organisation, .today = today, .scan = scan
	};
	struct rows rows = { 0 };

	assert_int_equal(
		ks_findings_list(life->state, &query, take, &rows, NULL),
		KS_OK);
	return rows;
}

/* How many a scan on the day ${today} has to tell of. */
static int news(struct life *life, const char *today)
{
	int count;

	assert_int_equal(ks_state_begin_scan(life->state, life->organisation, 9,
				 &life->scan, NULL),
		KS_OK);
	assert_int_equal(ks_findings_expire(
				 life->state, life->organisation, today, NULL),
		KS_OK);
	assert_int_equal(ks_findings_claim(life->state, life->organisation,
				 life->scan, 9, NULL),
		KS_OK);
	count = list(life, life->scan, today).count;
	assert_int_equal(
		ks_findings_told(life->state, life->scan, true, NULL), KS_OK);
	assert_int_equal(
		ks_state_end_scan(life->state, life->scan, 9, NULL), KS_OK);
	return count;
}

static struct life begin_life(void)
{
	struct life life = { 0 };

	life.state = open_state(&life.organisation);
	assert_int_equal(ks_state_repository(life.state, life.organisation, "r",
				 "/r", &life.repository, NULL),
		KS_OK);
	return life;
}

static void test_store__tells_of_findings_that_come_and_go(void **unused)
{
	struct life life = begin_life();

	(void)unused;
	see(&life, "a", false);
	assert_int_equal(news(&life, "2026-01-01"), 1);
	see(&life, "a", false);
	assert_int_equal(news(&life, "2026-01-01"), 0);
	assert_int_equal(ks_findings_leave(life.state, life.repository.id,
				 life.revision + 1, NULL),
		KS_OK);
	assert_int_equal(news(&life, "2026-01-01"), 0);
	assert_int_equal(list(&life, 0, "2026-01-01").gone, 1);
	see(&life, "b", false);
	assert_int_equal(list(&life, 0, "2026-01-01").gone, 0);
	assert_int_equal(news(&life, "2026-01-01"), 1);
	ks_state_close(life.state);
}

static void test_store__heeds_dismissals_until_their_day(void **unused)
{
	struct life life = begin_life();
	struct ks_findings_dismissal dismissal = {
		.who = "jane", .why = "a test", .until = "2026-02-01", .made = 1
	};
	char whole[KS_STATE_DIGEST];
	struct rows rows;

	(void)unused;
	see(&life, "a", false);
	assert_int_equal(ks_findings_find(life.state, life.organisation,
				 "01234567", whole, NULL),
		KS_OK);
	assert_string_equal(whole, fingerprint);
	assert_int_equal(ks_findings_find(life.state, life.organisation,
				 "11234567", whole, NULL),
		KS_E_NOTFOUND);
	dismissal.fingerprint = fingerprint;
	assert_int_equal(ks_findings_dismiss(life.state, life.organisation,
				 &dismissal, NULL),
		KS_OK);
	assert_int_equal(news(&life, "2026-02-01"), 0);
	rows = list(&life, 0, "2026-02-01");
	assert_int_equal(rows.dismissed, 1);
	assert_string_equal(rows.who, "jane");
	assert_int_equal(news(&life, "2026-02-02"), 1);
	assert_int_equal(news(&life, "2026-02-02"), 0);
	assert_int_equal(list(&life, 0, "2026-02-02").dismissed, 0);
	assert_int_equal(ks_findings_reopen(life.state, life.organisation,
				 fingerprint, NULL),
		KS_E_NOTFOUND);
	ks_state_close(life.state);
}

/* What a store was before it had a key is hashed with its first one. */
static void test_store__hashes_fingerprints_with_its_key(void **unused)
{
	struct life life = begin_life();
	struct ks_findings_dismissal dismissal = { .fingerprint = fingerprint,
		.who = "jane",
		.why = "test",
		.until = "" };
	struct ks_store_key key = { { 7 } };
	char name[KS_STATE_DIGEST];
	char out[KS_STATE_DIGEST];
	bool has_key = true;

	(void)unused;
	see(&life, "a", false);
	assert_int_equal(ks_findings_dismiss(life.state, life.organisation,
				 &dismissal, NULL),
		KS_OK);
	assert_int_equal(ks_store_has_key(life.state, &has_key, NULL), KS_OK);
	assert_false(has_key);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			ks_store_use_key(life.state, &key, NULL), KS_OK);
	assert_int_equal(ks_store_has_key(life.state, &has_key, NULL), KS_OK);
	assert_true(has_key);
	see(&life, "b", false);
	assert_int_equal(list(&life, 0, "2026-01-01").count, 1);
	assert_int_equal(list(&life, 0, "2026-01-01").dismissed, 1);
	ks_findings_name(life.state, fingerprint, name);
	assert_string_not_equal(name, fingerprint);
	assert_int_equal(ks_findings_find(life.state, life.organisation,
				 fingerprint, out, NULL),
		KS_OK);
	assert_string_equal(out, name);
	key.bytes[0] = 8;
	assert_int_equal(ks_store_use_key(life.state, &key, NULL), KS_E_USAGE);
	ks_state_close(life.state);
}

static void test_store__takes_any_bytes_as_path(void **unused)
{
	struct life life = begin_life();
	static char path[20000];

	(void)unused;
	/* Nothing that an index would compress. */
	for (size_t i = 0; i + 1 < sizeof(path); i++)
		path[i] = (char)(1 + (i * i * 7919 + i / 3) % 255);
	see(&life, path, false);
	see(&life, "\xff\xfe/caf\xc3\xa9", false);
	see(&life, "\xff\xfe/caf\xc3\xa9", false);
	assert_int_equal(list(&life, 0, "2026-01-01").count, 1);
	ks_state_close(life.state);
}

/* Who scans writes down what it found; how many places of the query there are.
 */
static int write_down(struct life *life, const char *repository)
{
	struct ks_findings_query query = { .organisation = life->organisation,
		.today = "2026-01-01",
		.repository = repository };
	struct rows rows = { 0 };

	life->repository.revision = life->revision;
	assert_int_equal(
		ks_events_settle(life->state, life->repository.id, 1, 5, NULL),
		KS_OK);
	assert_int_equal(ks_state_set_scanned(life->state, &life->repository,
				 NULL, 0, "", NULL),
		KS_OK);
	assert_int_equal(
		ks_findings_list(life->state, &query, take, &rows, NULL),
		KS_OK);
	return rows.count;
}

static int add_live(void *payload, const struct ks_state_standing *standing,
	struct ks_err *err)
{
	char *out = payload;
	size_t n = strlen(out);

	(void)err;
	snprintf(out + n, 64 - n, "%s %d|", standing->place,
		(int)standing->live);
	return KS_OK;
}

static void test_store__counts_what_refs_lead_to_in_each_fork(void **unused)
{
	struct life life = begin_life();
	struct ks_findings_counts counts;
	char live[64] = "";

	(void)unused;
	run("INSERT INTO repositories (organisation, name, place, main)"
	    " SELECT organisation, 'f', '/x/f.git', id FROM repositories");
	see(&life, "a", false);
	see(&life, "b", false);
	run("UPDATE places SET member = '/x/f.git' WHERE path = 'b'");
	assert_int_equal(write_down(&life, "F"), 1);
	assert_int_equal(write_down(&life, "/r"), 1);
	assert_int_equal(write_down(&life, "x/?.git"), 1);
	assert_int_equal(write_down(&life, "x"), 0);
	run("UPDATE places SET gone = 1 WHERE path = 'a'");
	write_down(&life, "r");
	assert_int_equal(ks_state_standings(life.state, life.organisation,
				 add_live, live, NULL),
		KS_OK);
	assert_string_equal(live, "/r 0|/x/f.git 1|");
	assert_int_equal(ks_findings_count(life.state, life.organisation,
				 "2026-01-01", &counts, NULL),
		KS_OK);
	assert_int_equal(counts.open, 1);
	assert_int_equal(counts.gone + counts.dismissed, 0);
	ks_state_close(life.state);
}

static void test_store__has_nothing_new_before_a_scan_has_ended(void **unused)
{
	struct life life = begin_life();
	struct ks_findings_query query = { .organisation = life.organisation,
		.today = "2026-01-01",
		.only_new = true };
	struct rows rows = { 0 };

	(void)unused;
	see(&life, "a", false);
	assert_int_equal(
		ks_findings_list(life.state, &query, take, &rows, NULL), KS_OK);
	assert_int_equal(rows.count, 0);
	assert_int_equal(news(&life, "2026-01-01"), 1);
	assert_int_equal(
		ks_findings_list(life.state, &query, take, &rows, NULL), KS_OK);
	assert_int_equal(rows.count, 1);
	ks_state_close(life.state);
}

static void test_store__tells_of_many_findings(void **unused)
{
	struct life life = begin_life();

	(void)unused;
	run("INSERT INTO findings (organisation, fingerprint, rule, rule_name,"
	    " rotate, redacted, confidence, first_seen, last_seen)"
	    " WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
	    " WHERE n < 2500) SELECT o.id, 'f' || n, 'r', '', '', '', 0.75, 1,"
	    " 1 FROM s, organisations o");
	run("INSERT INTO places (finding, repository, path, blob, line,"
	    " commit_id, author, email, time, in_head, gone, seen) SELECT f.id,"
	    " r.id, 'a', '', 1, '', '', '', 0, 1, 0, 1"
	    " FROM findings f, repositories r");
	assert_int_equal(ks_state_begin(life.state, NULL), KS_OK);
	assert_int_equal(list(&life, 0, "2026-01-01").count, 2500);
	assert_int_equal(ks_state_end(life.state, 0, NULL), KS_OK);
	assert_int_equal(list(&life, 0, "2026-01-01").count, 2500);
	ks_state_close(life.state);
}

static void test_store__refuses_what_a_newer_version_made(void **unused)
{
	int64_t organisation;
	struct ks_state *state = open_state(&organisation);
	struct ks_err err = { 0 };

	(void)unused;
	ks_state_close(state);
	run("UPDATE keysieve_version SET version = 99");
	assert_int_equal(
		ks_state_open(&state, place, true, &err), KS_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "newer keysieve"));
}

static void test_store__refuses_databases_of_something_else(void **unused)
{
	struct ks_state *state;

	(void)unused;
	run("CREATE TABLE other (x BIGINT)");
	assert_int_equal(
		ks_state_open(&state, place, true, NULL), KS_E_CORRUPT);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup(test_store__##name, clean)
	const struct CMUnitTest tests[] = {
		TEST(keeps_sources),
		TEST(has_no_organisation_that_is_not_made),
		TEST(undoes_what_fails),
		TEST(knows_repositories_by_name),
		TEST(tells_of_findings_that_come_and_go),
		TEST(heeds_dismissals_until_their_day),
		TEST(hashes_fingerprints_with_its_key),
		TEST(takes_any_bytes_as_path),
		TEST(counts_what_refs_lead_to_in_each_fork),
		TEST(has_nothing_new_before_a_scan_has_ended),
		TEST(tells_of_many_findings),
		TEST(refuses_what_a_newer_version_made),
		TEST(refuses_databases_of_something_else),
	};
	int failed;

	if (argc > 1)
		place = argv[1];
	if (!mkdtemp(folder))
		return 1;
	snprintf(file, sizeof(file), "%s/s.sqlite", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	place = file;
	clean(NULL);
	rmdir(folder);
	return failed;
}
