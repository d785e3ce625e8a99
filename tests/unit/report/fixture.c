/* SPDX-License-Identifier: Apache-2.0 */
/* Results to report, and what a format makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define HEX64(c) c c c c c c c c c c c c c c c c
#define PRINT_A HEX64("aaaa")
#define PRINT_B HEX64("bbbb")
#define PRINT_C HEX64("cccc")
#define COMMIT_1 "1111222233334444555566667777888899990000"
#define COMMIT_2 "2222333344445555666677778888999900001111"
#define BLOB_1 "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"

static const struct ks_fact facts[] = { { "account", "123456789012" } };
static const char *const branches[] = { "main", "origin/main", "topic",
	"release/1.0", "release/2.0" };

static struct ks_occurrence place(const char *path, uint64_t line)
{
	return (struct ks_occurrence){
		.encoding = "",
		.path = path,
		.blob = BLOB_1,
		.line = line,
		.column = 9,
		.end_line = line,
		.end_column = 28,
		.snippet = "  export KEY_ID=KSID\xe2\x80\xa6WXYZ # ours",
		.commit = COMMIT_1,
		.author = "Jane Doe",
		.email = "jane@example.org",
		.time = 1769860800,
		.utc_offset = 120,
		.message = "Add the deploy script",
		.is_reachable = true,
	};
}

static void add_places(struct fixture *f)
{
	f->places[0] = place("old/env.sh", 3);
	f->places[1] = place("deploy/env.sh", 12);
	f->places[1].commit = COMMIT_2;
	f->places[1].in_head = true;
	f->places[2] = place("commit:" COMMIT_2, 1);
	f->places[3] = place("deploy/env.sh", 13);
	f->places[3].snippet = "export KEY=\xe2\x80\xa6";
	f->places[3].in_head = true;
	f->places[4] = place("notes.txt", 7);
	f->places[4].snippet = "";
	f->places[4].author = "Joe Bloggs";
}

static void add_findings(struct fixture *f)
{
	f->findings[0] = (struct ks_finding){
		.fingerprint = PRINT_A,
		.rule = "key-id",
		.rule_name = "Cloud key id",
		.rotate = "https://example.org/rotate",
		.secret = "KSID-0123456789-WXYZ",
		.secret_length = 20,
		.redacted = "KSID\xe2\x80\xa6WXYZ",
		.confidence = 0.98,
		.entropy = 3.8,
		.facts = facts,
		.fact_count = 1,
		.pair = PRINT_B,
		.occurrences = f->places,
		.occurrence_count = 3,
		.in_head = true,
		.branches = branches,
		.branch_count = 5,
	};
	f->findings[1] = f->findings[0];
	f->findings[1].fingerprint = PRINT_B;
	f->findings[1].rule = "key";
	f->findings[1].rule_name = "Cloud key";
	f->findings[1].redacted = "\xe2\x80\xa6";
	f->findings[1].confidence = 0.949999988079071;
	f->findings[1].fact_count = 0;
	f->findings[1].pair = PRINT_A;
	f->findings[1].occurrences = f->places + 3;
	f->findings[1].occurrence_count = 1;
	f->findings[1].branch_count = 2;
	f->findings[2] = f->findings[1];
	f->findings[2].fingerprint = PRINT_C;
	f->findings[2].rule = "token";
	f->findings[2].rule_name = "Some token";
	f->findings[2].rotate = "";
	f->findings[2].redacted = "tok\xe2\x80\xa6";
	f->findings[2].confidence = 0.5;
	f->findings[2].pair = "";
	f->findings[2].occurrences = f->places + 4;
	f->findings[2].in_head = false;
	f->findings[2].branch_count = 0;
}

static void add_skips(struct fixture *f)
{
	f->skips[0] = (struct ks_skip){ KS_SKIP_UNREADABLE,
		"objects/pack/pack-1.pack", "the checksum is wrong" };
	f->skips[1] = (struct ks_skip){ KS_SKIP_TOO_LARGE, BLOB_1, "" };
	f->skips[2] = (struct ks_skip){ KS_SKIP_GITLINK, "vendor/lib", "" };
	f->result.skips = f->skips;
	f->result.skip_count = 3;
	f->result.coverage.skips[KS_SKIP_UNREADABLE] = 1;
	f->result.coverage.skips[KS_SKIP_TOO_LARGE] = 1234;
	f->result.coverage.skips[KS_SKIP_GITLINK] = 1;
}

struct fixture *fixture_new(void)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	add_places(&f);
	add_findings(&f);
	f.result = (struct ks_result){
		.source = "/srv/repo",
		.suppressed = { .config_ignored = "" },
		.findings = f.findings,
		.finding_count = 3,
		.is_repository = true,
		.coverage = {
			.refs = 4,
			.commits = 1234,
			.trees = 5678,
			.blobs = 9012,
			.tags = 1,
			.bytes = 1234567890,
			.bytes_inflated = 345678901,
			.bytes_matched = 234567890,
			.candidates = 77,
			.confirmed = 5,
			.seconds = 2.5,
			.stage_seconds = { 0.25, 2.0, 0.125 },
		},
	};
	add_skips(&f);
	return &f;
}

char *fixture_render(
	const struct ks_result *result, const struct ks_report_options *options)
{
	struct ks_err err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&text, &n);

	assert_non_null(file);
	assert_int_equal(ks_report_write(file, result, NULL, options, &err), 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(strlen(text), n);
	return text;
}

char *fixture_summarise(const struct ks_result *result, unsigned width)
{
	struct ks_report_options options = { .width = width };
	struct ks_err err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&text, &n);

	assert_non_null(file);
	assert_int_equal(ks_report_summarise(file, result, &options, &err), 0);
	assert_int_equal(fclose(file), 0);
	return text;
}

json_t *fixture_parse(const char *text)
{
	json_error_t why;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &why);

	if (!value)
		fail_msg("not JSON: line %d: %s", why.line, why.text);
	return value;
}
