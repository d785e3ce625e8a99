/* SPDX-License-Identifier: Apache-2.0 */
/* The closing lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static void test_summary__is_whole_at_80_columns(void **state)
{
	static const char wanted[] =
		"Scanned   /srv/repo\n"
		"Found     3 secrets, 2 of them in HEAD\n"
		"              1  Cloud key (key)\n"
		"              1  Cloud key id (key-id)\n"
		"              1  Some token (token)\n"
		"Covered   4 refs, 1,234 commits, 5,678 trees, 9,012 blobs, "
		"1 tag\n"
		"          1.2 GB in 2.5 s (494 MB/s)\n"
		"Left out  1 unreadable\n"
		"            objects/pack/pack-1.pack: the checksum is wrong\n"
		"          1,234 over the size limit (--max-blob-size)\n"
		"            abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd\n"
		"            and 1,233 more\n"
		"Outside   1 submodule: a repository of its own\n"
		"            vendor/lib\n"
		"Next      1. Rotate each secret first: whoever has a copy of "
		"this has it.\n"
		"          2. Then remove it from history: git filter-repo "
		"--replace-text FILE.\n"
		"          3. Not a secret? keysieve:allow in a comment behind "
		"it lets it stand.\n"
		"          Everything as data: --format json --occurrences.\n";
	struct fixture *f = fixture_new();
	char *text = fixture_summarise(&f->result, 80);

	(void)state;
	assert_string_equal(text, wanted);
	free(text);
}

static void test_summary__clean_is_short(void **state)
{
	struct ks_result result = {
		.source = ".",
		.suppressed = { .config_ignored = "" },
		.is_repository = true,
		.is_complete = true,
		.coverage = { .refs = 1, .commits = 2, .seconds = 0.01 },
	};
	char *text = fixture_summarise(&result, 80);

	(void)state;
	assert_string_equal(text,
		"No secrets found.\n"
		"Scanned   .\n"
		"Covered   1 ref, 2 commits, 0 trees, 0 blobs, 0 tags\n"
		"          0 bytes in 0.01 s\n");
	free(text);
}

static void test_summary__clean_but_incomplete_says_so(void **state)
{
	struct ks_skip skip = { KS_SKIP_SPECIAL, "a.sock", "a socket" };
	struct ks_result result = {
		.source = "src",
		.suppressed = { .config_ignored = "" },
		.skips = &skip,
		.skip_count = 1,
		.coverage = { .files = 1, .skips[KS_SKIP_SPECIAL] = 1 },
	};
	char *text = fixture_summarise(&result, 80);

	(void)state;
	assert_string_equal(text,
		"No secrets found, but not all could be scanned.\n"
		"Scanned   src\n"
		"Covered   1 file\n"
		"          0 bytes in 0.00 s\n"
		"Left out  1 neither file nor folder\n"
		"            a.sock: a socket\n");
	free(text);
}

static void test_summary__gives_the_command_for_what_is_not_there(void **state)
{
	struct fixture *f = fixture_new();
	char *text;

	(void)state;
	f->result.is_shallow = true;
	f->result.is_partial = true;
	text = fixture_summarise(&f->result, 80);
	assert_non_null(strstr(text, "\n            git -C /srv/repo fetch "
				     "--unshallow\n"));
	/* Nothing was missing: the clone is partial in name only. */
	assert_null(strstr(text, "--refetch"));
	free(text);
	f->result.source = "it's; here";
	f->result.coverage.skips[KS_SKIP_PARTIAL] = 2;
	text = fixture_summarise(&f->result, 80);
	assert_non_null(strstr(text,
		" git -C 'it'\\''s; here' fetch --refetch --no-filter\n"));
	free(text);
	f->result.source = ".";
	text = fixture_summarise(&f->result, 80);
	assert_non_null(strstr(text, "  git fetch --unshallow\n"));
	free(text);
}

static void test_summary__names_the_first_skips_only(void **state)
{
	struct ks_skip skips[9];
	struct fixture *f = fixture_new();
	char *text;
	size_t named = 0;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		skips[i] = (struct ks_skip){ KS_SKIP_MISSING, "thing", "gone" };
	f->result.skips = skips;
	f->result.skip_count = 9;
	f->result.coverage.skips[KS_SKIP_MISSING] = 20;
	text = fixture_summarise(&f->result, 80);
	for (const char *at = text; (at = strstr(at, "thing: gone")); at++)
		named++;
	assert_int_equal(named, 5);
	assert_non_null(strstr(text, "\n            and 15 more\n"));
	free(text);
}

static void test_summary__puts_the_rules_with_most_first(void **state)
{
	struct fixture *f = fixture_new();
	char *text;

	(void)state;
	f->findings[1].rule = "token";
	f->findings[1].rule_name = "Some token";
	text = fixture_summarise(&f->result, 80);
	assert_non_null(
		strstr(text, "              2  Some token (token)\n"
			     "              1  Cloud key id (key-id)\n"));
	free(text);
}

static void test_summary__tells_what_may_stand(void **state)
{
	struct ks_result result = {
		.source = ".",
		.suppressed = {
			.findings = { [KS_SUPPRESSED_CONFIG] = 1,
				[KS_SUPPRESSED_INLINE] = 1200 },
			.occurrences = 1,
			.markers_ignored = 2,
			.config_ignored = ".keysieve.yaml",
		},
		.is_complete = true,
	};
	char *text = fixture_summarise(&result, 80);

	(void)state;
	assert_string_equal(text,
		"No secrets found.\n"
		"Scanned   .\n"
		"Allowed   1,201 secrets: 1 by configuration, 1,200 by markers "
		"beside them\n"
		"          1 place of secrets that stand elsewhere too\n"
		"          --show-suppressed lists them\n"
		"Ignored   the repository's own .keysieve.yaml\n"
		"          2 places with a marker beside the secret\n"
		"          It is not trusted to say what may stand; "
		"--trust-repo-config does.\n"
		"Covered   0 files\n"
		"          0 bytes in 0.00 s\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_summary__is_whole_at_80_columns),
		cmocka_unit_test(test_summary__clean_is_short),
		cmocka_unit_test(test_summary__tells_what_may_stand),
		cmocka_unit_test(test_summary__clean_but_incomplete_says_so),
		cmocka_unit_test(
			test_summary__gives_the_command_for_what_is_not_there),
		cmocka_unit_test(test_summary__names_the_first_skips_only),
		cmocka_unit_test(test_summary__puts_the_rules_with_most_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
