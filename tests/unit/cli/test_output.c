/* SPDX-License-Identifier: Apache-2.0 */
/* Where the report goes: a file, whole or not at all. */
#include "cli/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of the test's own, with a file that holds "before". */
struct place {
	char folder[64];
	char path[96];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	FILE *file;

	assert_non_null(place);
	strcpy(place->folder, "/tmp/keysieve-output-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/report", place->folder);
	file = fopen(place->path, "w");
	assert_non_null(file);
	fputs("before", file);
	fclose(file);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	/* Fails, and the test with it, if anything was left behind. */
	assert_int_equal(rmdir(place->folder), 0);
	free(place);
	return 0;
}

static void assert_content(const char *path, const char *wanted)
{
	char content[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(content, 1, sizeof(content) - 1, file) > 0);
	fclose(file);
	assert_string_equal(content, wanted);
}

static void test_output__stands_as_before_until_finished(void **state)
{
	struct place *place = *state;
	struct ks_output output;
	struct stat status;

	assert_int_equal(ks_output_open(&output, place->path, NULL), 0);
	fputs("after", output.file);
	fflush(output.file);
	assert_content(place->path, "before");
	assert_int_equal(ks_output_finish(&output, NULL), 0);
	assert_content(place->path, "after");
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_output__abandoned_changes_nothing(void **state)
{
	struct place *place = *state;
	struct ks_output output;

	assert_int_equal(ks_output_open(&output, place->path, NULL), 0);
	fputs("after", output.file);
	ks_output_abandon(&output);
	assert_content(place->path, "before");
}

static void test_output__full_device_is_an_error(void **state)
{
	struct ks_output output;
	struct ks_err err = { 0 };

	(void)state;
	assert_int_equal(ks_output_open(&output, "/dev/full", &err), 0);
	fputs("after", output.file);
	assert_int_equal(ks_output_finish(&output, &err), KS_E_IO);
	assert_string_equal(err.message,
		"cannot write '/dev/full': No space left on device");
	assert_false(ks_output_is_unread(&output));
}

static void test_output__folder_that_is_not_there(void **state)
{
	struct place *place = *state;
	char path[128];
	struct ks_err err = { 0 };

	snprintf(path, sizeof(path), "%s/no/report", place->folder);
	assert_int_equal(ks_output_check(path, &err), KS_E_IO);
	assert_int_equal(ks_output_check(place->folder, &err), KS_E_IO);
	assert_int_equal(ks_output_check(place->path, &err), KS_OK);
	assert_int_equal(ks_output_check(NULL, &err), KS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_output__stands_as_before_until_finished, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_output__abandoned_changes_nothing, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_output__full_device_is_an_error, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_output__folder_that_is_not_there, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
