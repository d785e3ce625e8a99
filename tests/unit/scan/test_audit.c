/* SPDX-License-Identifier: Apache-2.0 */
/* Whole scans of a repository that git made. */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "lib/rules.h"
#include "told.h"

#include <stdlib.h>

static const struct test_rule rules[] = {
	{ "token", "(?<secret>tok_[A-Za-z0-9]{16,20})\\b", NULL },
	{ "name", "(?<secret>nam_[A-Za-z0-9]{16})", NULL },
};

/* The token of number ${n}, an invention. */
#define T(n) "tok_q7Rt2Lp9Xv4Kw3Z" #n

/*
 * A file of many versions, so that there are deltas; tokens added, changed,
 * taken out again, in messages, tags, names, on a branch and unreachable.
 */
static const char history[] =
	"git init -q -b main repo && cd repo && "
	"n=0; while [ $n -lt 30 ]; do "
	"  n=$((n+1)); seq 1 200 | sed \"s/\\$/ line of text "
	"$n/;s/^7\\([0-9]\\) .*/7\\1 same/\" > big.txt; "
	"  [ $n -eq 5 ] && sed -i 's/^71 .*/71 " T(
		1) "/' big.txt; "
		   "  [ $n -eq 9 ] && sed -i 's/^150 .*/150 " T(
			   2) "x/' big.txt; "
			      "  [ $n -ge 10 ] && [ $n -lt 20 ] && sed -i "
			      "'s/^160 .*/160 " T(
				      3) "/' big.txt; "
					 "  [ $n -ge 28 ] && sed -i 's/^1 "
					 ".*/" T(4) "/' big.txt; "
						    "  git add -A && git "
						    "commit -q -m \"change "
						    "$n\"; "
						    "done; "
						    "mkdir -p a/b && echo " T(
							    5) " >a/b/f && "
							       "echo x "
							       ">a/"
							       "nam_"
							       "q7Rt2Lp9Xv4Kw3Z"
							       "n && "
							       "git add -A && "
							       "git commit -q "
							       "-m 'with " T(
								       6) " ins"
									  "ide'"
									  " && "
									  "git "
									  "rm "
									  "-q "
									  "-r "
									  "a "
									  "&& "
									  "git "
									  "comm"
									  "it "
									  "-q "
									  "-m "
									  "gone"
									  " && "
									  "git "
									  "tag "
									  "-a "
									  "-m "
									  "'tag"
									  " " T(7) "' v1 && "
										   "git checkout -q -b side && echo " T(
											   8) " >s && git add s && "
											      "git commit -q -m side && git commit -q --amend -m aside && "
											      "git checkout -q main && git repack -adq";

static const struct {
	const char *secret;
	const char *path;
	const char *message; /* of the commit; NULL: any */
	bool in_head;
} expected[] = {
	{ T(1), "big.txt", "change 5", false },
	{ T(2) "x", "big.txt", "change 9", false },
	{ T(3), "big.txt", "change 10", false },
	{ T(4), "big.txt", "change 28", true },
	{ T(5), "a/b/f", NULL, false },
	{ T(6), NULL, NULL, false },
	{ T(7), NULL, NULL, false },
	{ T(8), "s", NULL, false },
	{ "nam_q7Rt2Lp9Xv4Kw3Zn", NULL, NULL, false },
};

enum {
	EXPECTED = sizeof(expected) / sizeof(*expected)
};

static struct ks_rules *loaded;
static char *dir;
static char *first; /* what one worker tells */

/* Run ${script} by a shell in the temporary folder. */
static void shell(const char *script)
{
	struct ks_buf command = { 0 };

	assert_int_equal(
		ks_buf_printf(&command, "cd '%s' && { %s\n}", dir, script),
		KS_OK);
	assert_int_equal(system(ks_buf_str(&command)), 0);
	ks_buf_release(&command);
}

static struct ks_result *scan(
	const char *name, unsigned jobs, enum ks_engine engine)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	struct ks_buf path = { 0 };
	struct ks_result *result;
	struct ks_err err = { 0 };

	options.rules = loaded;
	options.jobs = jobs;
	options.engine = engine;
	assert_int_equal(ks_buf_printf(&path, "%s/%s", dir, name), KS_OK);
	if (ks_scan_repository(&result, ks_buf_str(&path), &options, &err) < 0)
		fail_msg("%s", err.message);
	ks_buf_release(&path);
	return result;
}

static void expect_told(const char *name, unsigned jobs, enum ks_engine engine)
{
	struct ks_result *result = scan(name, jobs, engine);
	char *text = told(result, loaded);

	assert_true(result->is_complete);
	assert_string_equal(text, first);
	free(text);
	ks_result_free(result);
}

static int set_up(void **state)
{
	struct ks_result *result;

	(void)state;
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1);
	setenv("GIT_AUTHOR_NAME", "A U Thor", 1);
	setenv("GIT_AUTHOR_EMAIL", "author@example.com", 1);
	setenv("GIT_COMMITTER_NAME", "A U Thor", 1);
	setenv("GIT_COMMITTER_EMAIL", "author@example.com", 1);
	setenv("GIT_AUTHOR_DATE", "1700000000 +0000", 1);
	setenv("GIT_COMMITTER_DATE", "1700000000 +0000", 1);
	dir = test_dir_new();
	loaded = test_rules_load(rules, sizeof(rules) / sizeof(*rules));
	shell(history);
	result = scan("repo", 1, KS_ENGINE_FAST);
	first = told(result, loaded);
	ks_result_free(result);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(first);
	ks_rules_free(loaded);
	test_dir_remove(dir);
	return 0;
}

static void test_audit__finds_all_there_is(void **state)
{
	struct ks_result *result = scan("repo", 1, KS_ENGINE_FAST);

	(void)state;
	for (size_t i = 0; i < EXPECTED; i++) {
		const struct ks_finding *finding =
			told_finding(result, expected[i].secret);

		if (!finding)
			fail_msg("secret %zu is not found", i);
		assert_int_equal(finding->in_head, expected[i].in_head);
		if (expected[i].path)
			assert_string_equal(
				finding->occurrences[0].path, expected[i].path);
		if (expected[i].message)
			assert_string_equal(finding->occurrences[0].message,
				expected[i].message);
	}
	assert_int_equal(result->finding_count, EXPECTED);
	assert_true(result->is_complete);
	ks_result_free(result);
}

static void test_audit__lists_what_is_in_head_first(void **state)
{
	struct ks_result *result = scan("repo", 1, KS_ENGINE_FAST);

	(void)state;
	assert_string_equal(result->findings[0].secret, T(4));
	ks_result_free(result);
}

/* But for secrets themselves, which a caller may show or not. */
static void test_audit__redacts_all_that_is_around(void **state)
{
	struct ks_result *result = scan("repo", 1, KS_ENGINE_FAST);

	(void)state;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct ks_finding *finding = &result->findings[i];

		assert_null(strstr(finding->redacted, "t2Lp9Xv4K"));
		for (size_t o = 0; o < finding->occurrence_count; o++) {
			const struct ks_occurrence *one =
				&finding->occurrences[o];

			assert_null(strstr(one->path, "t2Lp9Xv4K"));
			assert_null(strstr(one->snippet, "t2Lp9Xv4K"));
			assert_null(strstr(one->message, "t2Lp9Xv4K"));
		}
	}
	ks_result_free(result);
}

static void test_audit__tells_the_same_with_any_number_of_jobs(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		expect_told("repo", 2, KS_ENGINE_FAST);
		expect_told("repo", 8, KS_ENGINE_FAST);
	}
}

static void test_audit__tells_the_same_as_the_reference(void **state)
{
	(void)state;
	expect_told("repo", 1, KS_ENGINE_REFERENCE);
}

static void test_audit__tells_the_same_of_any_storage(void **state)
{
	static const char *const storages[] = {
		/* Everything twice, and deltas that name their base. */
		"git rev-list --objects --all --reflog | cut -d' ' -f1 | "
		"git pack-objects -q .git/objects/pack/pack >/dev/null",
		/* Three times, with other deltas. */
		"git rev-list --objects --all --reflog | cut -d' ' -f1 | "
		"git pack-objects -q --window=2 --depth=3 --no-reuse-delta "
		".git/objects/pack/pack >/dev/null",
		"git -c core.looseCompression=0 repack -adq --depth=50 "
		"--window=50 -F --no-write-bitmap-index",
		/* No pack at all. */
		"mkdir ../packs && mv .git/objects/pack/* ../packs && "
		"for p in ../packs/*.pack; do git unpack-objects -q <$p; done",
		"git -c pack.packSizeLimit=1m repack -adq",
		"git multi-pack-index write && rm -rf ../packs",
	};

	(void)state;
	shell("cp -r repo stored");
	for (size_t i = 0; i < sizeof(storages) / sizeof(*storages); i++) {
		struct ks_buf script = { 0 };

		assert_int_equal(
			ks_buf_printf(&script, "cd stored && %s", storages[i]),
			KS_OK);
		shell(ks_buf_str(&script));
		ks_buf_release(&script);
		for (unsigned jobs = 1; jobs < 4; jobs++)
			expect_told("stored", jobs, KS_ENGINE_FAST);
		expect_told("stored", 1, KS_ENGINE_REFERENCE);
	}
}

static void test_audit__reads_alternates(void **state)
{
	(void)state;
	/* All objects elsewhere, refs and reflogs as they were. */
	shell("cp -r repo lender && cp -r repo borrower && "
	      "rm -rf borrower/.git/objects && "
	      "mkdir -p borrower/.git/objects/info && "
	      "echo ../../../lender/.git/objects "
	      ">borrower/.git/objects/info/alternates");
	expect_told("borrower", 2, KS_ENGINE_FAST);
	expect_told("borrower", 1, KS_ENGINE_REFERENCE);
}

static void test_audit__names_what_is_missing(void **state)
{
	struct ks_result *result;

	(void)state;
	shell("cp -r borrower broken && rm -rf broken/.git/objects/info && "
	      "mkdir -p broken/.git/objects/info");
	result = scan("broken", 1, KS_ENGINE_FAST);
	assert_false(result->is_complete);
	assert_true(result->skip_count > 0);
	assert_int_equal(result->finding_count, 0);
	ks_result_free(result);
}

static void test_audit__keeps_fingerprints_when_history_is_rewritten(
	void **state)
{
	struct ks_result *before = scan("repo", 1, KS_ENGINE_FAST);
	struct ks_result *after;

	(void)state;
	shell("cp -r repo rewritten && cd rewritten && "
	      "git mv big.txt moved.txt && sed -i '1i another line' moved.txt "
	      "&& git add -A && git commit -q --amend -m other");
	after = scan("rewritten", 1, KS_ENGINE_FAST);
	assert_int_equal(after->finding_count, before->finding_count);
	for (size_t i = 0; i < before->finding_count; i++) {
		const struct ks_finding *same =
			told_finding(after, before->findings[i].secret);

		assert_non_null(same);
		assert_string_equal(
			same->fingerprint, before->findings[i].fingerprint);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(before->findings[j].fingerprint,
				before->findings[i].fingerprint);
	}
	ks_result_free(before);
	ks_result_free(after);
}

static void test_audit__is_stopped_by_the_cancel_flag(void **state)
{
	struct ks_scan_options options = KS_SCAN_OPTIONS_INIT;
	const volatile int cancel = 1;
	struct ks_buf path = { 0 };
	struct ks_result *result = NULL;

	(void)state;
	options.rules = loaded;
	options.cancel = &cancel;
	assert_int_equal(ks_buf_printf(&path, "%s/repo", dir), KS_OK);
	assert_int_equal(
		ks_scan_repository(&result, ks_buf_str(&path), &options, NULL),
		KS_E_INTERRUPTED);
	assert_null(result);
	ks_buf_release(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_audit__finds_all_there_is),
		cmocka_unit_test(test_audit__lists_what_is_in_head_first),
		cmocka_unit_test(test_audit__redacts_all_that_is_around),
		cmocka_unit_test(
			test_audit__tells_the_same_with_any_number_of_jobs),
		cmocka_unit_test(test_audit__tells_the_same_as_the_reference),
		cmocka_unit_test(test_audit__tells_the_same_of_any_storage),
		cmocka_unit_test(test_audit__reads_alternates),
		cmocka_unit_test(test_audit__names_what_is_missing),
		cmocka_unit_test(
			test_audit__keeps_fingerprints_when_history_is_rewritten),
		cmocka_unit_test(test_audit__is_stopped_by_the_cancel_flag),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
