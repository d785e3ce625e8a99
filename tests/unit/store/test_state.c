/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "store/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct fixture {
	char *dir;
	char path[512];
	struct ks_state *state;
	struct ks_err err;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->dir = test_dir_new();
	snprintf(fixture->path, sizeof(fixture->path), "%s/deep/in/x.sqlite",
		fixture->dir);
	assert_int_equal(ks_state_open(&fixture->state, fixture->path, true,
				 &fixture->err),
		KS_OK);
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

static int64_t organisation(struct fixture *fixture, const char *name)
{
	int64_t id = 0;

	assert_int_equal(ks_state_organisation(fixture->state, name, true, &id,
				 &fixture->err),
		KS_OK);
	return id;
}

static int join(void *payload, const char *text, struct ks_err *err)
{
	(void)err;
	strcat(payload, text);
	strcat(payload, " ");
	return KS_OK;
}

static int join_source(void *payload, const char *text, const char *options,
	struct ks_err *err)
{
	(void)options;
	return join(payload, text, err);
}

static void test_state__is_made_for_its_owner_only(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;

	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_state__is_not_made_unasked(void **state)
{
	struct fixture *fixture = *state;
	struct ks_state *other;
	int64_t id;

	assert_int_equal(
		ks_state_open(&other, "/nowhere/x", false, &fixture->err),
		KS_E_NOTFOUND);
	assert_null(other);
	assert_int_equal(ks_state_organisation(fixture->state, "acme", false,
				 &id, &fixture->err),
		KS_E_NOTFOUND);
}

static void test_state__keeps_what_it_was_told(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = organisation(fixture, "acme");
	char texts[64] = "";

	for (int i = 0; i < 2; i++)
		assert_int_equal(ks_state_add_source(fixture->state, id, "b",
					 "", &fixture->err),
			KS_OK);
	assert_int_equal(
		ks_state_add_source(fixture->state, id, "a", "", &fixture->err),
		KS_OK);
	assert_int_not_equal(organisation(fixture, "other"), id);
	ks_state_close(fixture->state);
	assert_int_equal(ks_state_open(&fixture->state, fixture->path, false,
				 &fixture->err),
		KS_OK);
	assert_int_equal(organisation(fixture, "acme"), id);
	assert_int_equal(ks_state_sources(fixture->state, id, join_source,
				 texts, &fixture->err),
		KS_OK);
	assert_string_equal(texts, "a b ");
}

static void enter(struct fixture *fixture, struct ks_state_repository *out)
{
	assert_int_equal(ks_state_repository(fixture->state,
				 organisation(fixture, "acme"), "name", "/here",
				 out, &fixture->err),
		KS_OK);
}

static void test_state__knows_the_tips_of_the_last_scan(void **state)
{
	static const char *const tips[] = { "01", "02" };
	struct fixture *fixture = *state;
	struct ks_state_repository known;
	char texts[64] = "";

	enter(fixture, &known);
	assert_int_equal(known.scanned, 0);
	for (size_t count = 1; count <= 2; count++) {
		known.revision++;
		known.scanned = 77;
		snprintf(known.refs, sizeof(known.refs), "%064d", 5);
		assert_int_equal(
			ks_state_set_scanned(fixture->state, &known,
				tips + 2 - count, count, "oops", &fixture->err),
			KS_OK);
	}
	enter(fixture, &known);
	assert_int_equal(known.revision, 2);
	assert_int_equal(known.scanned, 77);
	assert_int_equal(known.refs[63], '5');
	assert_false(known.has_error);
	assert_int_equal(ks_state_tips(fixture->state, known.id, join, texts,
				 &fixture->err),
		KS_OK);
	assert_string_equal(texts, "01 02 ");
}

static void test_state__tells_that_another_was_faster(void **state)
{
	struct fixture *fixture = *state;
	struct ks_state_repository known;
	struct ks_state_repository later;
	bool is_current = false;

	enter(fixture, &known);
	later = known;
	later.revision++;
	assert_int_equal(ks_state_is_current(fixture->state, &known,
				 &is_current, &fixture->err),
		KS_OK);
	assert_true(is_current);
	assert_int_equal(ks_state_set_scanned(fixture->state, &later, NULL, 0,
				 "", &fixture->err),
		KS_OK);
	assert_int_equal(ks_state_is_current(fixture->state, &known,
				 &is_current, &fixture->err),
		KS_OK);
	assert_false(is_current);
}

static void test_state__undoes_what_failed(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	assert_int_equal(ks_state_begin(fixture->state, &fixture->err), KS_OK);
	organisation(fixture, "acme");
	assert_int_equal(
		ks_state_end(fixture->state, KS_E_NOMEM, NULL), KS_E_NOMEM);
	assert_int_equal(ks_state_organisation(fixture->state, "acme", false,
				 &id, &fixture->err),
		KS_E_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_state__is_made_for_its_owner_only, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_state__is_not_made_unasked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_state__keeps_what_it_was_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_state__knows_the_tips_of_the_last_scan, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_state__tells_that_another_was_faster, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_state__undoes_what_failed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
