/* SPDX-License-Identifier: Apache-2.0 */
/* Reports that are read back and told again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of ${text} for the life of the test; the path is the caller's. */
static char *save(const char *text)
{
	char *path = strdup("/tmp/test-saved-XXXXXX");
	int fd;

	assert_non_null(path);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static int load(struct ks_result **result, const char *text, bool show_secrets,
	struct ks_err *err)
{
	char *path = save(text);
	int rc = ks_report_load(result, path, show_secrets, err);

	unlink(path);
	free(path);
	return rc;
}

static void check_same(
	struct ks_result *from, const struct ks_report_options *options)
{
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	char *first = fixture_render(from, options);
	char *second;

	if (load(&result, first, options->show_secrets, &err))
		fail_msg("%s", err.message);
	second = fixture_render(result, options);
	assert_string_equal(second, first);
	ks_report_unload(result);
	free(first);
	free(second);
}

static void test_saved__is_told_again_as_it_was(void **state)
{
	struct ks_report_options options = { .occurrences = true };
	struct fixture *f = fixture_new();

	(void)state;
	f->places[0].path = "\xff.txt";
	f->places[1].encoding = "base64";
	options.format = KS_FORMAT_JSON;
	check_same(&f->result, &options);
	options.format = KS_FORMAT_JSONL;
	check_same(&f->result, &options);
	options.show_secrets = true;
	f->findings[0].secret = "\xff\x01";
	f->findings[0].secret_length = 2;
	check_same(&f->result, &options);
}

static void test_saved__tells_what_may_stand(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_JSON };
	struct fixture *f = fixture_new();

	(void)state;
	f->findings[0].occurrence_count = 1;
	f->findings[2].is_suppressed = true;
	f->findings[2].suppression = KS_SUPPRESSED_BASELINE;
	f->findings[2].reason = "known";
	f->result.finding_count = 2;
	f->result.suppressed_findings = f->findings + 2;
	f->result.suppressed_count = 1;
	f->result.suppressed.findings[KS_SUPPRESSED_BASELINE] = 1;
	check_same(&f->result, &options);
}

static void test_saved__keeps_secrets(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_JSON,
		.show_secrets = true };
	struct fixture *f = fixture_new();
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	char *text = fixture_render(&f->result, &options);
	char *sarif;

	(void)state;
	assert_int_equal(load(&result, text, false, &err), KS_E_USAGE);
	assert_null(result);
	assert_non_null(strstr(err.message, "--show-secrets"));
	assert_int_equal(load(&result, text, true, &err), 0);
	options.format = KS_FORMAT_SARIF;
	sarif = fixture_render(result, &options);
	assert_null(strstr(sarif, f->findings[0].secret));
	free(sarif);
	ks_report_unload(result);
	free(text);
}

static void test_saved__refuses_what_is_no_report(void **state)
{
	static const char *const texts[] = { "x", "[]", "7", "{}",
		"{\"findings\":[7]}", "{\"findings\":[{\"rule\":\"a\"}]}",
		"{\"fingerprint\":\"a\"}\n", "{\"findings\":{}}" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ks_result *result = NULL;
		struct ks_err err = { 0 };

		assert_int_equal(
			load(&result, texts[i], false, &err), KS_E_CORRUPT);
		assert_null(result);
	}
}

/* Members of other types than ours are not known. */
static void test_saved__bears_members_of_any_type(void **state)
{
	struct ks_report_options options = { .format = KS_FORMAT_JSON };
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	char *text;

	(void)state;
	assert_int_equal(
		load(&result,
			"{\"findings\":[{\"fingerprint\":\"a\",\"rule\":\"b\","
			"\"secret\":\"\xe2\x80\xa6\",\"line\":-1,"
			"\"path_base64\":\"!\",\"facts\":[1],"
			"\"branches\":[7,null],\"occurrences\":[8],"
			"\"confidence\":\"x\",\"suppressed\":\"nobody\"}],"
			"\"coverage\":[],\"skipped\":[3],\"source\":9}",
			false, &err),
		0);
	text = fixture_render(result, &options);
	json_decref(fixture_parse(text));
	free(text);
	ks_report_unload(result);
}

static void test_saved__of_nothing_is_clean(void **state)
{
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(load(&result, "", false, &err), 0);
	assert_int_equal(result->finding_count, 0);
	assert_true(result->is_complete);
	ks_report_unload(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_saved__is_told_again_as_it_was),
		cmocka_unit_test(test_saved__tells_what_may_stand),
		cmocka_unit_test(test_saved__keeps_secrets),
		cmocka_unit_test(test_saved__refuses_what_is_no_report),
		cmocka_unit_test(test_saved__bears_members_of_any_type),
		cmocka_unit_test(test_saved__of_nothing_is_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
