/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/program.h"
#include "lib/packs.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char script[] = "#!/bin/sh\necho \"$1 $NAME\"\ncat\nexit 3\n";

/* A program called ${name} in ${dir}/bin. */
static void make_program(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "bin/%s", name);
	test_file_write(dir, path, ks_span_str(script));
	snprintf(path, sizeof(path), "%s/bin/%s", dir, name);
	assert_int_equal(chmod(path, 0700), 0);
}

static void test_program__is_found_in_absolute_folders_only(void **state)
{
	char *dir = test_dir_new();
	struct ks_buf found = { 0 };
	struct ks_err err = { 0 };
	char path[512];
	char expected[512];
	char *before = strdup(getenv("PATH"));

	(void)state;
	make_program(dir, "ks-tool");
	test_file_write(dir, "ks-text", ks_span_str(script));
	snprintf(expected, sizeof(expected), "%s/bin/ks-tool", dir);
	snprintf(path, sizeof(path), "/nowhere::bin:.:%s:%s/bin", dir, dir);
	setenv("PATH", path, 1);
	assert_int_equal(ks_program_find(&found, "ks-tool", &err), KS_OK);
	assert_string_equal((const char *)found.p, expected);
	/* It may not be executed. */
	assert_int_equal(
		ks_program_find(&found, "ks-text", &err), KS_E_NOTFOUND);
	assert_non_null(strstr(err.message, "ks-text"));
	/* Neither what is scanned nor where we stand is looked at. */
	snprintf(path, sizeof(path), "..%s/bin:.:", dir);
	setenv("PATH", path, 1);
	assert_int_equal(
		ks_program_find(&found, "ks-tool", &err), KS_E_NOTFOUND);
	unsetenv("PATH");
	assert_int_equal(
		ks_program_find(&found, "ks-tool", &err), KS_E_NOTFOUND);
	setenv("PATH", before, 1);
	free(before);
	ks_buf_release(&found);
	test_dir_remove(dir);
}

static void test_program__answers(void **state)
{
	static const char *const words[] = { "ks-tool", "one", NULL };
	static const char *const variables[] = { "NAME=two", NULL };
	char *dir = test_dir_new();
	struct ks_program program = {
		.words = words, .environment = variables, .in = -1
	};
	struct ks_buf said = { 0 };
	struct ks_err err = { 0 };
	char path[256];
	int status = 0;

	(void)state;
	make_program(dir, "ks-tool");
	snprintf(path, sizeof(path), "%s/bin/ks-tool", dir);
	program.path = path;
	assert_int_equal(
		ks_program_ask(&said, &program, 100, &status, &err), KS_OK);
	assert_int_equal(status, 3);
	assert_string_equal((const char *)said.p, "one two\n");
	assert_int_equal(
		ks_program_ask(&said, &program, 3, &status, &err), KS_E_LIMIT);
	program.path = "/nowhere/ks-tool";
	assert_int_equal(
		ks_program_ask(&said, &program, 100, &status, &err), KS_E_IO);
	assert_int_equal(status, -1);
	ks_buf_release(&said);
	test_dir_remove(dir);
}

/* Alone in its group, with what it says on standard error. */
static void test_program__runs_apart(void **state)
{
	const char *words[] = { "sh", "-c",
		"echo $$ $(ps -o pgid= -p $$) >&2; exit 4", NULL };
	struct ks_program program = {
		.path = "/bin/sh", .words = words, .in = -1, .is_apart = true
	};
	struct ks_buf said = { 0 };
	int ends[2];
	int pid_said = 0;
	int group = -1;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	program.out = ends[1];
	program.complaints = ends[1];
	assert_int_equal(ks_program_start(&pid, &program, NULL), KS_OK);
	close(ends[1]);
	assert_int_equal(ks_buf_read_fd(&said, ends[0], "x", 99, NULL), KS_OK);
	close(ends[0]);
	assert_int_equal(ks_program_wait(pid), 4);
	assert_non_null(ks_buf_str(&said));
	sscanf((const char *)said.p, "%d %d", &pid_said, &group);
	assert_int_equal(pid_said, pid);
	assert_int_equal(group, pid);
	program.path = "/nowhere/sh";
	assert_int_equal(ks_program_start(&pid, &program, NULL), KS_OK);
	assert_int_equal(ks_program_wait(pid), 127);
	ks_buf_release(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_program__is_found_in_absolute_folders_only),
		cmocka_unit_test(test_program__answers),
		cmocka_unit_test(test_program__runs_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
