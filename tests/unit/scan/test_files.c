/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "lib/rules.h"
#include "told.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define A "tok_q7Rt2Lp9Xv4Kw3Zn"
#define B "tok_Hc5Bd6Mw3Zn8Xv4K"

static const struct test_rule rules[] = {
	{ "token", "(?<secret>tok_[A-Za-z0-9]{16})", NULL },
};

static struct ks_rules *loaded;
static char *dir;

static void put(const char *name, const char *text)
{
	test_file_write(dir, name, ks_span_str(text));
}

static int set_up(void **state)
{
	(void)state;
	dir = test_dir_new();
	loaded = test_rules_load(rules, 1);
	put("tree/a.txt", "one\ntwo " A "\n");
	put("tree/.hidden/deep/b.txt", B " and " A "\n");
	put("tree/.git/config", B "-only-here");
	put("tree/empty", "");
	put("tree/large", "0123456789" A);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ks_rules_free(loaded);
	test_dir_remove(dir);
	return 0;
}

static int scan(struct ks_result **out, const char *name,
	struct ks_scan_options *options)
{
	struct ks_buf path = { 0 };
	const char *text;
	struct ks_err err = { 0 };
	int rc;

	options->rules = loaded;
	assert_int_equal(ks_buf_printf(&path, "%s/%s", dir, name), KS_OK);
	text = ks_buf_str(&path);
	rc = ks_scan_paths(out, &text, 1, options, &err);
	ks_buf_release(&path);
	return rc;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text);

	return n >= strlen(end) && strcmp(text + n - strlen(end), end) == 0;
}

static void test_files__scans_folders_and_what_is_hidden(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;
	const struct ks_finding *finding;

	(void)state;
	assert_int_equal(scan(&result, "tree", &options), KS_OK);
	assert_true(result->is_complete);
	assert_false(result->is_repository);
	assert_int_equal(result->finding_count, 2);
	finding = told_finding(result, B);
	assert_non_null(finding);
	assert_int_equal(finding->occurrence_count, 1);
	assert_true(ends_with(finding->occurrences[0].path, "/deep/b.txt"));
	finding = told_finding(result, A);
	assert_non_null(finding);
	assert_int_equal(finding->occurrence_count, 3);
	assert_int_equal(result->coverage.files, 4);
	ks_result_free(result);
}

static void test_files__scans_one_file(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;
	const struct ks_occurrence *one;

	(void)state;
	assert_int_equal(scan(&result, "tree/a.txt", &options), KS_OK);
	assert_int_equal(result->finding_count, 1);
	one = &result->findings[0].occurrences[0];
	assert_int_equal(one->line, 2);
	assert_int_equal(one->column, 5);
	assert_string_equal(one->blob, "");
	assert_string_equal(one->commit, "");
	assert_null(strstr(one->snippet, A));
	assert_int_equal(strncmp(one->snippet, "two ", 4), 0);
	ks_result_free(result);
}

static void test_files__tells_the_same_as_the_reference(void **state)
{
	char *texts[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
		struct ks_result *result;

		options.engine = i ? KS_ENGINE_REFERENCE : KS_ENGINE_FAST;
		assert_int_equal(scan(&result, "tree", &options), KS_OK);
		texts[i] = told(result, loaded);
		ks_result_free(result);
	}
	assert_string_equal(texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
}

static void test_files__names_what_is_too_large(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;

	(void)state;
	options.max_blob_size = 29;
	assert_int_equal(scan(&result, "tree/large", &options), KS_OK);
	assert_false(result->is_complete);
	assert_int_equal(result->finding_count, 0);
	assert_int_equal(result->coverage.skips[KS_SKIP_TOO_LARGE], 1);
	assert_true(ends_with(result->skips[0].what, "tree/large"));
	ks_result_free(result);
	options.max_blob_size = 30;
	assert_int_equal(scan(&result, "tree/large", &options), KS_OK);
	assert_int_equal(result->finding_count, 1);
	ks_result_free(result);
}

static void test_files__does_not_hang_on_a_pipe(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;
	struct ks_buf path = { 0 };

	(void)state;
	put("special/a", A);
	assert_int_equal(ks_buf_printf(&path, "%s/special/pipe", dir), KS_OK);
	assert_int_equal(mkfifo(ks_buf_str(&path), 0600), 0);
	assert_int_equal(scan(&result, "special", &options), KS_OK);
	assert_int_equal(result->finding_count, 1);
	assert_int_equal(result->coverage.skips[KS_SKIP_SPECIAL], 1);
	ks_result_free(result);
	ks_buf_release(&path);
}

static void test_files__does_not_follow_links(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;
	struct ks_buf path = { 0 };

	(void)state;
	put("links/a", "nothing");
	assert_int_equal(ks_buf_printf(&path, "%s/links/tree", dir), KS_OK);
	assert_int_equal(symlink("../tree", ks_buf_str(&path)), 0);
	assert_int_equal(scan(&result, "links", &options), KS_OK);
	assert_int_equal(result->finding_count, 0);
	ks_result_free(result);
	ks_buf_release(&path);
}

static void test_files__says_what_does_not_exist(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result = NULL;

	(void)state;
	assert_int_equal(scan(&result, "nowhere", &options), KS_E_IO);
	assert_null(result);
}

static void test_files__knows_its_rules_by_name(void **state)
{
	static const char *const unknown[] = { "no-such-rule" };
	static const char *const known[] = { "token" };
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result = NULL;

	(void)state;
	options.only = unknown;
	options.only_count = 1;
	assert_int_equal(scan(&result, "tree", &options), KS_E_USAGE);
	options.only = NULL;
	options.only_count = 0;
	options.skip = known;
	options.skip_count = 1;
	assert_int_equal(scan(&result, "tree", &options), KS_OK);
	assert_int_equal(result->finding_count, 0);
	ks_result_free(result);
}

static void test_files__leaves_out_what_is_unsure(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_result *result;

	(void)state;
	options.min_confidence = 0.99;
	assert_int_equal(scan(&result, "tree", &options), KS_OK);
	assert_int_equal(result->finding_count, 0);
	assert_true(result->is_complete);
	ks_result_free(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files__scans_folders_and_what_is_hidden),
		cmocka_unit_test(test_files__scans_one_file),
		cmocka_unit_test(test_files__tells_the_same_as_the_reference),
		cmocka_unit_test(test_files__names_what_is_too_large),
		cmocka_unit_test(test_files__does_not_hang_on_a_pipe),
		cmocka_unit_test(test_files__does_not_follow_links),
		cmocka_unit_test(test_files__says_what_does_not_exist),
		cmocka_unit_test(test_files__knows_its_rules_by_name),
		cmocka_unit_test(test_files__leaves_out_what_is_unsure),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
