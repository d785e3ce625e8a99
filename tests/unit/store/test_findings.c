/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "store/findings.h"

#include <stdio.h>
#include <stdlib.h>

static const char print[] =
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct fixture {
	char *dir;
	struct ks_state *state;
	int64_t organisation;
	int64_t repository;
	int64_t revision;
	int64_t scan;
	int64_t now;
	struct ks_err err;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct ks_state_repository known;
	char path[512];

	fixture->dir = test_dir_new();
	snprintf(path, sizeof(path), "%s/x.sqlite", fixture->dir);
	assert_int_equal(
		ks_state_open(&fixture->state, path, true, &fixture->err),
		KS_OK);
	assert_int_equal(ks_state_organisation(fixture->state, "acme", true,
				 &fixture->organisation, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_state_repository(fixture->state, fixture->organisation, "r",
			"/r", &known, &fixture->err),
		KS_OK);
	fixture->repository = known.id;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ks_state_close(fixture->state);
	test_dir_remove(fixture->dir);
	free(fixture);
	return 0;
}

/* A scan that sees the finding, if ${is_there}, and lists the rest as gone. */
static void see(struct fixture *fixture, bool is_there)
{
	struct ks_findings_entry entry = { .fingerprint = print,
		.rule = "r",
		.rule_name = "R",
		.rotate = "",
		.redacted = "x…",
		.confidence = 0.5 };
	struct ks_findings_place place = { .path = "a\xff",
		.blob = "01",
		.line = 3,
		.commit = "02",
		.author = "A",
		.email = "a@x",
		.in_head = true };
	int64_t id;

	fixture->revision++;
	if (is_there) {
		assert_int_equal(
			ks_findings_put(fixture->state, fixture->organisation,
				fixture->revision, &entry, true, &id,
				&fixture->err),
			KS_OK);
		assert_int_equal(ks_findings_put_place(fixture->state, id,
					 fixture->repository, fixture->revision,
					 &place, &fixture->err),
			KS_OK);
	}
	assert_int_equal(ks_findings_leave(fixture->state, fixture->repository,
				 fixture->revision, &fixture->err),
		KS_OK);
}

static int take(
	void *payload, const struct ks_findings_row *row, struct ks_err *err)
{
	char *out = payload;

	(void)err;
	assert_string_equal(row->entry.fingerprint, print);
	assert_string_equal(row->place.path, "a\xff");
	assert_string_equal(row->repository, "/r");
	assert_int_equal(row->place.line, 3);
	strcat(out, row->is_dismissed ? "d" : "");
	strcat(out, row->is_new ? "n" : "");
	strcat(out, row->is_gone ? "g" : "");
	strcat(out, ".");
	return KS_OK;
}

/* The end of a scan; which letters it tells, and then the list has. */
static void check(struct fixture *fixture, const char *news, const char *all)
{
	struct ks_findings_query query = {
		.organisation = fixture->organisation, .today = "2026-06-15"
	};
	char told[8] = "";
	char listed[8] = "";

	assert_int_equal(
		ks_findings_expire(fixture->state, fixture->organisation,
			query.today, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_state_begin_scan(fixture->state, fixture->organisation, 1,
			&fixture->scan, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_findings_claim(fixture->state, fixture->organisation,
			fixture->scan, fixture->now, &fixture->err),
		KS_OK);
	assert_int_equal(ks_state_end_scan(fixture->state, fixture->scan, 2,
				 &fixture->err),
		KS_OK);
	query.scan = fixture->scan;
	assert_int_equal(ks_findings_list(fixture->state, &query, take, told,
				 &fixture->err),
		KS_OK);
	query.scan = 0;
	assert_int_equal(ks_findings_list(fixture->state, &query, take, listed,
				 &fixture->err),
		KS_OK);
	assert_string_equal(told, news);
	assert_string_equal(listed, all);
}

static void tell(struct fixture *fixture)
{
	assert_int_equal(ks_findings_told(fixture->state, fixture->scan, true,
				 &fixture->err),
		KS_OK);
}

static void test_findings__are_new_once(void **state)
{
	struct fixture *fixture = *state;

	see(fixture, true);
	check(fixture, "n.", "n.");
	tell(fixture);
	see(fixture, true);
	check(fixture, "", ".");
}

static void test_findings__are_new_until_they_are_told(void **state)
{
	struct fixture *fixture = *state;

	see(fixture, true);
	check(fixture, "n.", "n.");
	/* Who ended at 2 may be at it still. */
	fixture->now = 2 + KS_FINDINGS_PATIENCE;
	check(fixture, "", ".");
	fixture->now++;
	check(fixture, "n.", "n.");
	assert_int_equal(ks_findings_told(fixture->state, fixture->scan, false,
				 &fixture->err),
		KS_OK);
	fixture->now = 2;
	check(fixture, "n.", "n.");
	tell(fixture);
	fixture->now = 1000;
	check(fixture, "", ".");
}

static void test_findings__go_and_come_back(void **state)
{
	struct fixture *fixture = *state;

	see(fixture, true);
	check(fixture, "n.", "n.");
	tell(fixture);
	see(fixture, false);
	check(fixture, "", "g.");
	see(fixture, true);
	check(fixture, "n.", "n.");
}

static void dismiss(struct fixture *fixture, const char *until)
{
	struct ks_findings_dismissal dismissal = {
		.fingerprint = print, .who = "me", .why = "so", .until = until
	};

	assert_int_equal(
		ks_findings_dismiss(fixture->state, fixture->organisation,
			&dismissal, &fixture->err),
		KS_OK);
}

static void test_findings__are_dismissed_until_a_day(void **state)
{
	struct fixture *fixture = *state;

	see(fixture, true);
	dismiss(fixture, "");
	check(fixture, "", "dn.");
	tell(fixture);
	dismiss(fixture, "2026-06-15");
	check(fixture, "", "d.");
	dismiss(fixture, "2026-06-14");
	check(fixture, "n.", "n.");
	tell(fixture);
	check(fixture, "", ".");
	assert_int_equal(ks_findings_reopen(fixture->state,
				 fixture->organisation, print, &fixture->err),
		KS_E_NOTFOUND);
}

static void test_findings__that_are_gone_do_not_come_by_a_day(void **state)
{
	struct fixture *fixture = *state;

	see(fixture, true);
	check(fixture, "n.", "n.");
	tell(fixture);
	dismiss(fixture, "2026-06-14");
	see(fixture, false);
	check(fixture, "", "g.");
}

static void test_findings__are_found_by_their_first_digits(void **state)
{
	struct fixture *fixture = *state;
	char whole[KS_STATE_DIGEST];

	see(fixture, true);
	assert_int_equal(ks_findings_find(fixture->state, fixture->organisation,
				 "0011223344", whole, &fixture->err),
		KS_OK);
	assert_string_equal(whole, print);
	assert_int_equal(ks_findings_find(fixture->state, fixture->organisation,
				 "0011223345", whole, &fixture->err),
		KS_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_findings__are_new_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_findings__are_new_until_they_are_told, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_findings__go_and_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_findings__are_dismissed_until_a_day, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_findings__that_are_gone_do_not_come_by_a_day,
			set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_findings__are_found_by_their_first_digits, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
